//! Runs one statement on a connection.

use std::sync::Arc;

use busbar_kernel::{Error, Result};
use rusqlite::Statement;

use super::bind::{self, Bound};
use super::connection::Conn;
use super::error;
use crate::row::Row;
use crate::sql::Ready;
use crate::sqlstate;
use crate::{StepRows, Value};

/// Binds the parameters, refusing another number of them than the statement has.
pub(super) fn bind(statement: &mut Statement<'_>, params: &[Value]) -> Result<(), Trouble> {
    let wanted = statement.parameter_count();
    if wanted != params.len() {
        return Err(Trouble::Ours(sqlstate::error(
            "08P01",
            format!(
                "the statement has {wanted} parameters and {} were given",
                params.len()
            ),
        )));
    }
    for (index, value) in params.iter().enumerate() {
        statement.raw_bind_parameter(index + 1, Bound(value))?;
    }
    Ok(())
}

/// An error of SQLite, still to be mapped, or one that already is ours.
pub(super) enum Trouble {
    Sqlite(rusqlite::Error),
    Ours(Error),
}

impl From<rusqlite::Error> for Trouble {
    fn from(failure: rusqlite::Error) -> Self {
        Self::Sqlite(failure)
    }
}

impl Trouble {
    pub(super) fn mapped(self, connection: &Conn, sql: &str) -> Error {
        match self {
            Self::Sqlite(failure) => error::map(&failure, connection.raw(), sql),
            Self::Ours(error) => error,
        }
    }
}

/// Runs a statement to its end and gathers its rows.
pub(super) fn run(connection: &Conn, ready: &Ready) -> Result<StepRows> {
    gather(connection, ready).map_err(|trouble| trouble.mapped(connection, &ready.text.sql))
}

/// Runs statements that were made for this moment, one after the other.
pub(super) fn run_made(connection: &Conn, texts: &[String]) -> Result<()> {
    texts.iter().try_for_each(|text| {
        let done = connection.raw().execute(text, []);
        done.map(|_| ())
            .map_err(|failure| error::map(&failure, connection.raw(), text))
    })
}

fn gather(connection: &Conn, ready: &Ready) -> Result<StepRows, Trouble> {
    let mut statement = connection.raw().prepare_cached(&ready.text.sql)?;
    bind(&mut statement, &ready.params)?;
    if statement.column_count() == 0 {
        let changed = statement.raw_execute()?;
        let affected = if ready.text.writes { changed as u64 } else { 0 };
        return Ok(StepRows {
            affected,
            rows: Vec::new(),
        });
    }
    let mut columns: Option<Arc<[String]>> = None;
    let mut rows = Vec::new();
    let mut cursor = statement.raw_query();
    while let Some(row) = cursor.next()? {
        // Named only now: the first step prepares anew what a change of the schema has outdated.
        let columns = columns.get_or_insert_with(|| row.as_ref().column_names().map(str::to_owned).collect());
        let values = (0..columns.len())
            .map(|index| row.get_ref(index).map(bind::read))
            .collect::<rusqlite::Result<_>>()?;
        rows.push(Row::new(columns.clone(), values));
    }
    Ok(StepRows {
        affected: rows.len() as u64,
        rows,
    })
}

/// Runs a statement whose answer is one whole number.
pub(super) fn count(connection: &Conn, ready: &Ready) -> Result<u64> {
    let answer = run(connection, ready)?;
    match answer.rows.first().and_then(|row| row.value(0)) {
        Some(Value::Int(count)) => Ok(u64::try_from(*count).unwrap_or(0)),
        _ => Err(Error::internal("a count yields one whole number").with("sql", ready.text.sql.clone())),
    }
}
