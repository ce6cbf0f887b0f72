//! What tables users have: the catalogue, their changes, their policies, their events.
#![doc = include_str!("../README.md")]

pub mod catalogue;
pub mod events;
pub mod literal;
mod migrations;
mod open;
pub mod policies;
pub mod policy;
pub mod quote;
pub mod refusal;
pub mod similar;
pub mod tables;

pub use catalogue::ColumnType;
pub use events::{ChangeEvent, EventPage, Events, NewPublication, Publication};
pub use migrations::MIGRATIONS;
pub use open::Schema;
pub use policies::{NewPolicy, ObjectSecurity, ObjectsChange, Policies, PolicyDescription};
pub use tables::{
    Action, ColumnChange, ColumnDescription, ForeignKeyDescription, IndexDescription, NewColumn,
    NewForeignKey, NewIndex, NewTable, TableChanges, TableDescription, Tables,
};
