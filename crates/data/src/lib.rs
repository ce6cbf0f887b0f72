//! Tables as an API: the PostgREST grammar to SQL, schema changes, policies.
#![doc = include_str!("../README.md")]

mod caller;
mod catalogue;
mod functions;
mod grammar;
mod migrations;
mod open;
mod policies;
mod policy;
mod records;
mod refusal;
mod render;
mod tables;
mod values;

pub use caller::{Caller, Profile, Role};
pub use catalogue::ColumnType;
pub use functions::sqlite_functions;
pub use open::DataStore;
pub use policies::{NewPolicy, Policies, PolicyDescription};
pub use records::{Method, RecordAnswer, RecordBody, RecordHeaders, RecordRequest, Records, postgrest_error};
pub use tables::{
    Action, ColumnChange, ColumnDescription, ForeignKeyDescription, IndexDescription, NewColumn,
    NewForeignKey, NewTable, TableChanges, TableDescription, Tables,
};
