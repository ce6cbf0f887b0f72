//! A broken foreign key, named where it is certain which one broke: SQLite does not say.

use busbar_kernel::Error;
use rusqlite::Connection;

use crate::Dialect;
use crate::sql::{Token, statements};
use crate::sqlstate::error;

/// The error of a statement that writes to `table`.
pub(super) fn broken(table: &str, sql: &str, connection: &Connection) -> Error {
    let written = statements(sql, Dialect::Sqlite);
    let tokens = written
        .first()
        .map(|statement| statement.tokens.as_slice())
        .unwrap_or_default();
    let has = |word: &str| tokens.iter().any(|token| token.is(word));
    let begins = |word: &str| tokens.first().is_some_and(|first| first.is(word));
    if begins("delete") {
        let text = format!("update or delete on table \"{table}\" violates foreign key constraint");
        return error("23503", text).details("The row is still referenced from another table.");
    }
    // What is put in the place of a row takes that row away, and other rows may refer to it.
    let only_adds = begins("insert") && !has("conflict") && !has("replace");
    let told = match only_key(table, connection) {
        Some(key) if only_adds || !referenced(table, connection) => Some(key),
        _ => None,
    };
    match told {
        Some(Key { column, target, name }) => {
            let text =
                format!("insert or update on table \"{table}\" violates foreign key constraint \"{name}\"");
            error("23503", text).details(format!("Key ({column}) is not present in table \"{target}\"."))
        }
        None if only_adds => {
            let text = format!("insert or update on table \"{table}\" violates foreign key constraint");
            error("23503", text)
        }
        None => error(
            "23503",
            format!("write on table \"{table}\" violates foreign key constraint"),
        ),
    }
}

struct Key {
    column: String,
    target: String,
    name: String,
}

/// The table's foreign key, when it has exactly one of one column, and no trigger that may have broken another's.
fn only_key(table: &str, connection: &Connection) -> Option<Key> {
    let triggers = "SELECT count(*) FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = ?1 COLLATE NOCASE \
         AND name NOT LIKE 'busbar\\_event\\_%' ESCAPE '\\' AND name NOT LIKE '%\\_update\\_timestamp' ESCAPE '\\'";
    let count: i64 = connection.query_row(triggers, [table], |row| row.get(0)).ok()?;
    if count > 0 {
        return None;
    }
    let sql = "SELECT f.\"from\", f.\"table\", count(*) OVER (), m.sql \
         FROM sqlite_schema m JOIN pragma_foreign_key_list(m.name) f \
         WHERE m.type = 'table' AND m.name = ?1 COLLATE NOCASE";
    let row = |row: &rusqlite::Row<'_>| {
        let (column, target): (String, String) = (row.get(0)?, row.get(1)?);
        Ok((column, target, row.get::<_, i64>(2)?, row.get::<_, String>(3)?))
    };
    let (column, target, count, made) = connection.query_row(sql, [table], row).ok()?;
    (count == 1).then(|| Key {
        name: given_name(&made).unwrap_or_else(|| format!("{table}_{column}_fkey")),
        column,
        target,
    })
}

/// The name that a `CREATE TABLE` gives its foreign key.
fn given_name(made: &str) -> Option<String> {
    let written = statements(made, Dialect::Sqlite);
    let tokens: &[Token] = &written.first()?.tokens;
    let named = tokens
        .windows(3)
        .find(|three| three[0].is("constraint") && (three[2].is("foreign") || three[2].is("references")));
    named.map(|three| three[1].text.clone())
}

/// Whether any table refers to this one; where that cannot be told, it is taken to be so.
fn referenced(table: &str, connection: &Connection) -> bool {
    let sql = "SELECT EXISTS (SELECT 1 FROM sqlite_schema m JOIN pragma_foreign_key_list(m.name) f \
         WHERE m.type = 'table' AND f.\"table\" = ?1 COLLATE NOCASE)";
    connection
        .query_row(sql, [table], |row| row.get(0))
        .unwrap_or(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(connection: &Connection, table: &str, sql: &str) -> (String, String) {
        let error = broken(table, sql, connection);
        let details = error.details_str().unwrap_or_default().to_owned();
        (error.message().to_owned(), details)
    }

    #[test]
    fn a_foreign_key_is_named_only_where_it_is_certain() {
        let connection = Connection::open_in_memory().unwrap();
        connection
            .execute_batch(
                "CREATE TABLE p (id INTEGER PRIMARY KEY, up INTEGER REFERENCES q (id)); \
                 CREATE TABLE q (id INTEGER PRIMARY KEY); \
                 CREATE TABLE one (p INTEGER NOT NULL, CONSTRAINT \"to p\" FOREIGN KEY (p) REFERENCES p (id)); \
                 CREATE TABLE two (p INTEGER REFERENCES p (id), q INTEGER REFERENCES q (id)); \
                 CREATE TABLE fires (q INTEGER REFERENCES q (id)); \
                 CREATE TRIGGER g AFTER INSERT ON fires BEGIN INSERT INTO two VALUES (1, 1); END",
            )
            .unwrap();
        let named = "insert or update on table \"one\" violates foreign key constraint \"to p\"";
        for sql in ["INSERT INTO one VALUES (1)", "update one set p = 1"] {
            assert_eq!(
                said(&connection, "one", sql),
                (
                    named.to_owned(),
                    "Key (p) is not present in table \"p\".".to_owned()
                )
            );
        }
        let added = said(&connection, "p", "INSERT INTO p VALUES (1, 1)");
        assert!(added.0.ends_with("\"p_up_fkey\""), "{added:?}");
        for (table, sql) in [
            ("two", "INSERT INTO two VALUES (1, 1)"),
            ("fires", "INSERT INTO fires VALUES (1)"),
            ("p", "UPDATE p SET id = 2"),
            ("p", "INSERT OR REPLACE INTO p VALUES (1, 1)"),
            (
                "p",
                "INSERT INTO p VALUES (1, 1) ON CONFLICT DO UPDATE SET id = 3",
            ),
        ] {
            let (message, details) = said(&connection, table, sql);
            assert!(
                message.ends_with("violates foreign key constraint"),
                "{sql}: {message}"
            );
            assert_eq!(details, "", "{sql}");
        }
    }
}
