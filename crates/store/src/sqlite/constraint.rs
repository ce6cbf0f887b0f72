//! Violated constraints, named and described as PostgreSQL would.

use busbar_kernel::Error;
use rusqlite::{Connection, OptionalExtension, ffi};

use super::reference;
use crate::sql::written_table;
use crate::sqlstate::error;

/// The error of a violated constraint. SQLite tells only the table and columns; the rest is looked up.
pub(super) fn map(extended: i32, message: &str, connection: &Connection, sql: &str) -> Error {
    let what = message.split_once(" failed: ").map_or("", |(_, what)| what);
    let table = || written_table(sql).unwrap_or_default();
    match extended {
        ffi::SQLITE_CONSTRAINT_PRIMARYKEY | ffi::SQLITE_CONSTRAINT_ROWID => unique(what, true, connection),
        ffi::SQLITE_CONSTRAINT_UNIQUE => unique(what, false, connection),
        ffi::SQLITE_CONSTRAINT_NOTNULL => {
            let (table, column) = what.rsplit_once('.').unwrap_or(("", what));
            error(
                "23502",
                format!(
                    "null value in column \"{column}\" of relation \"{table}\" violates not-null constraint"
                ),
            )
        }
        ffi::SQLITE_CONSTRAINT_CHECK => error(
            "23514",
            format!(
                "new row for relation \"{}\" violates check constraint \"{what}\"",
                table()
            ),
        ),
        ffi::SQLITE_CONSTRAINT_FOREIGNKEY => reference::broken(&table(), sql, connection),
        // `ON DELETE RESTRICT` is a trigger inside SQLite.
        ffi::SQLITE_CONSTRAINT_TRIGGER if message.starts_with("FOREIGN KEY") => {
            reference::broken(&table(), sql, connection)
        }
        ffi::SQLITE_CONSTRAINT_TRIGGER => error("P0001", message.to_owned()),
        ffi::SQLITE_CONSTRAINT_DATATYPE => data_type(message),
        _ => error("23000", "a constraint is violated").with("sqlite", message.to_owned()),
    }
}

fn unique(what: &str, primary: bool, connection: &Connection) -> Error {
    let columns: Vec<&str> = what.split(", ").collect();
    let table = columns
        .first()
        .and_then(|first| first.rsplit_once('.'))
        .map_or("", |(table, _)| table);
    let names: Vec<&str> = columns
        .iter()
        .map(|column| column.rsplit_once('.').map_or(*column, |(_, name)| name))
        .collect();
    let constraint = if let Some(index) = what.strip_prefix("index '") {
        index.trim_end_matches('\'').to_owned()
    } else if primary {
        format!("{table}_pkey")
    } else {
        named_index(table, &names, connection).unwrap_or_else(|| format!("{table}_{}_key", names.join("_")))
    };
    let made = error(
        "23505",
        format!("duplicate key value violates unique constraint \"{constraint}\""),
    );
    match table {
        "" => made,
        _ => made.details(format!("Key ({}) already exists.", names.join(", "))),
    }
}

/// The name of the index somebody created over exactly these columns.
fn named_index(table: &str, columns: &[&str], connection: &Connection) -> Option<String> {
    let sql = "SELECT l.name FROM pragma_index_list(?1) AS l WHERE l.\"unique\" = 1 AND l.origin = 'c' \
               AND (SELECT group_concat(i.name, ', ') FROM pragma_index_info(l.name) AS i) = ?2";
    let found = connection.query_row(sql, [table, &columns.join(", ")], |row| row.get(0));
    found.optional().ok().flatten()
}

/// `cannot store TEXT value in INTEGER column t.c`, of a strict table.
fn data_type(message: &str) -> Error {
    let wanted = message
        .split_once(" value in ")
        .and_then(|(_, rest)| rest.split_once(" column "))
        .map_or("", |(wanted, _)| wanted);
    let name = match wanted {
        "INTEGER" | "INT" => "bigint",
        "REAL" => "double precision",
        "BLOB" => "bytea",
        _ => "text",
    };
    error("22P02", format!("invalid input syntax for type {name}")).details(message.to_owned())
}
