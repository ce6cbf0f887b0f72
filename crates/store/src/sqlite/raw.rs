//! People's own statements on SQLite, under the stricter authorizer.

use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::time::Duration;

use busbar_kernel::Result;
use rusqlite::limits::Limit;

use super::bind;
use super::connection::{Conn, Told};
use super::statement::{self, Trouble};
use super::system_state::{SystemState, nothing_temporary};
use crate::raw::{REWRITTEN, RawAccess, RawAnswer, RawField, RawScript, too_much, weight};
use crate::row::Row;
use crate::sql::Ready;

/// A writing script holds up every other write of the file: after this long it ends as soon as another waits.
const GIVES_WAY_AFTER: Duration = Duration::from_secs(5);

/// The longest text or value that people's statements make, in bytes: what they make is held in memory.
const LONGEST: i32 = 64 * 1024 * 1024;

/// Runs a script in a transaction of its own; the connection is `None` when it must not be used again.
pub(super) fn run(
    connection: Conn,
    script: &RawScript,
    statements: &[Ready],
    waiting: &Arc<AtomicUsize>,
) -> (Option<Conn>, Result<Vec<RawAnswer>>) {
    let told: Told = match script.access {
        RawAccess::Strict => [("role".to_owned(), "project_admin".to_owned())].into(),
        RawAccess::Owner => Told::default(),
    };
    let before = connection.raw().set_limit(Limit::SQLITE_LIMIT_LENGTH, LONGEST);
    let done = connection.on_behalf(&told, |connection| match script.reads {
        true => all(connection, script, statements),
        false => connection.giving_way(GIVES_WAY_AFTER, waiting, |connection| {
            all(connection, script, statements)
        }),
    });
    let settled = before.is_ok_and(|before| {
        let again = connection.raw().set_limit(Limit::SQLITE_LIMIT_LENGTH, before);
        again.is_ok() && connection.settle().is_ok()
    });
    (settled.then_some(connection), done)
}

fn all(connection: &Conn, script: &RawScript, statements: &[Ready]) -> Result<Vec<RawAnswer>> {
    connection.limit_to(script.time_limit);
    connection.control(if script.reads { "BEGIN" } else { "BEGIN IMMEDIATE" })?;
    let guarded = script.access == RawAccess::Strict && !script.reads;
    let before = match guarded {
        true => Some(SystemState::read(connection)?),
        false => None,
    };
    let mut left = script.bytes;
    let mut answers = Vec::with_capacity(statements.len());
    for (at, (ready, statement)) in statements.iter().zip(&script.statements).enumerate() {
        let guest = script.access == RawAccess::Strict && !statement.ours;
        let mut one = |connection: &Conn| {
            answer(connection, ready, script.rows, &mut left)
                .map_err(|trouble| trouble.mapped(connection, &ready.text.sql))
                .map_err(|error| RawScript::failed(error, at))
                .map_err(|error| match ready.text.sql == statement.sql {
                    true => error,
                    false => error.with(REWRITTEN, ""),
                })
        };
        let answer = if guest {
            connection.as_guest(one)?
        } else {
            one(connection)?
        };
        statement.verify(&answer)?;
        if let Some(then) = &statement.then {
            statement::run_made(connection, &then.made(&answer.rows)?)?;
        }
        answers.push(answer);
    }
    nothing_temporary(connection)?;
    if let Some(before) = before {
        before.unchanged(connection)?;
    }
    connection.unlimited();
    connection.control(if script.keep { "COMMIT" } else { "ROLLBACK" })?;
    Ok(answers)
}

/// Never a remembered statement: those were authorized for somebody else.
fn answer(connection: &Conn, ready: &Ready, most: usize, left: &mut usize) -> Result<RawAnswer, Trouble> {
    let mut prepared = connection.raw().prepare(&ready.text.sql)?;
    statement::bind(&mut prepared, &ready.params)?;
    if prepared.column_count() == 0 {
        let changed = prepared.raw_execute()?;
        return Ok(RawAnswer {
            fields: Vec::new(),
            rows: Vec::new(),
            affected: if ready.text.writes { changed as u64 } else { 0 },
        });
    }
    let fields = fields(&prepared);
    let names: Arc<[String]> = fields.iter().map(|field| field.name.clone()).collect();
    let mut rows = Vec::new();
    let mut cursor = prepared.raw_query();
    while let Some(found) = cursor.next()? {
        if rows.len() >= most {
            return Err(Trouble::Ours(too_much(&format!("{most} rows"))));
        }
        let values = (0..names.len())
            .map(|index| found.get_ref(index).map(bind::read))
            .collect::<rusqlite::Result<_>>()?;
        let row = Row::new(names.clone(), values);
        *left = left
            .checked_sub(weight(&row))
            .ok_or_else(|| Trouble::Ours(too_much("may be held at once")))?;
        rows.push(row);
    }
    Ok(RawAnswer {
        affected: rows.len() as u64,
        fields,
        rows,
    })
}

/// The columns a statement answers.
pub(super) fn fields(prepared: &rusqlite::Statement<'_>) -> Vec<RawField> {
    let field = |column: rusqlite::Column<'_>| RawField {
        name: column.name().to_owned(),
        type_id: type_id(column.decl_type().unwrap_or_default()),
    };
    prepared.columns().map(field).collect()
}

/// PostgreSQL's number of a declared type; text's for what it does not know.
fn type_id(declared: &str) -> u32 {
    let lower = declared.to_ascii_lowercase();
    match lower.split('(').next().unwrap_or_default().trim() {
        "boolean" | "bool" => 16,
        "bytea" | "blob" => 17,
        "bigint" | "int8" => 20,
        "smallint" | "int2" => 21,
        "integer" | "int" | "int4" => 23,
        "json" | "json text" => 114,
        "real" | "float4" => 700,
        "double precision" | "float8" | "double" | "float" => 701,
        "date" => 1082,
        "timestamp" => 1114,
        "timestamptz" | "timestamp with time zone" | "datetime" => 1184,
        "numeric" | "decimal" => 1700,
        "uuid" => 2950,
        "jsonb" | "jsonb text" => 3802,
        _ => 25,
    }
}
