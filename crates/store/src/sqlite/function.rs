//! Functions that SQL may call on SQLite.

use std::fmt;
use std::sync::Arc;

use busbar_kernel::Result;
use rusqlite::Connection;
use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::types::ToSqlOutput;
pub use rusqlite::types::ValueRef;

use super::error;
use crate::Value;

type Body = Arc<dyn Fn(&[ValueRef<'_>]) -> Result<Value> + Send + Sync>;

/// A scalar function registered on every SQLite connection.
#[derive(Clone)]
pub struct SqliteFunction {
    name: &'static str,
    arguments: i32,
    deterministic: bool,
    body: Body,
}

impl SqliteFunction {
    /// A function whose answer follows from its arguments; `arguments` is -1 for any number. An error it
    /// returns is the statement's error, with its SQLSTATE, message, details and hint.
    pub fn new(
        name: &'static str,
        arguments: i32,
        body: impl Fn(&[ValueRef<'_>]) -> Result<Value> + Send + Sync + 'static,
    ) -> Self {
        Self {
            name,
            arguments,
            deterministic: true,
            body: Arc::new(body),
        }
    }

    /// Marks a function whose answers differ, such as a random one.
    #[must_use]
    pub fn volatile(mut self) -> Self {
        self.deterministic = false;
        self
    }

    pub(super) fn register(&self, connection: &Connection) -> rusqlite::Result<()> {
        // Innocuous: table defaults and indexes may call it although the schema is not trusted.
        let mut flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_INNOCUOUS;
        if self.deterministic {
            flags |= FunctionFlags::SQLITE_DETERMINISTIC;
        }
        let body = self.body.clone();
        connection.create_scalar_function(self.name, self.arguments, flags, move |context: &Context<'_>| {
            let arguments: Vec<_> = (0..context.len()).map(|index| context.get_raw(index)).collect();
            let answer = body(&arguments).map_err(|error| error::carried(&error))?;
            Ok(ToSqlOutput::Owned(super::bind::owned(answer)))
        })
    }
}

impl fmt::Debug for SqliteFunction {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}/{}", self.name, self.arguments)
    }
}
