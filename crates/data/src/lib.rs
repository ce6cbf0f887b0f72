//! Tables as an API: the PostgREST grammar to SQL.
#![doc = include_str!("../README.md")]

mod caller;
pub mod config;
mod functions;
mod grammar;
mod open;
mod records;
mod refusal;
mod render;
mod rendered;
mod rpc;
mod values;

pub use caller::{Caller, Profile, Role};
pub use config::VARIABLES;
pub use functions::sqlite_functions;
pub use open::DataStore;
pub use records::{
    Method, RecordAnswer, RecordBody, RecordHeaders, RecordOptions, RecordRequest, Records, postgrest_error,
    postgrest_headers,
};
pub use rendered::{Rendered, Rendering};
