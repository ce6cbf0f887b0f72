//! SQL over SQLite and PostgreSQL: scopes, transactions, migrations, JSON results.
#![doc = include_str!("../README.md")]

pub mod config;
mod db;
mod deserialize;
mod json;
mod migration;
mod postgres;
mod raw;
mod row;
mod scope;
mod session;
mod settings;
mod sql;
mod sqlite;
mod sqlstate;
mod step;
mod store;
mod transaction;
mod undo;
mod value;

pub use config::VARIABLES;
pub use db::{Beside, Db};
pub use json::{Json, JsonBody, JsonQuery, JsonRows};
pub use migration::{Migration, MigrationSet};
pub use postgres::Survey;
pub use raw::{
    POSITION, REWRITTEN, RawAccess, RawAnswer, RawBatch, RawField, RawScript, RawStatement, STATEMENT,
};
pub use row::Row;
pub use scope::{SYSTEM_SCHEMAS, Scope};
pub use session::Session;
pub use settings::{PostgresSettings, SqliteSettings, StoreSettings, Synchronous, Tls};
pub use sql::{Sql, Statement, Token, TokenKind, statements};
pub use sqlite::{SqliteFunction, ValueRef};
pub use step::{Step, StepRows};
pub use store::Store;
pub use transaction::Tx;
pub use value::{Params, Value, timestamp_text};

/// A database's dialect of SQL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// The embedded one.
    Sqlite,
    /// PostgreSQL 15 or newer.
    Postgres,
}
