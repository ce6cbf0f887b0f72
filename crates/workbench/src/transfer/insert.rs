//! Rows as `INSERT` statements.

use busbar_schema::catalogue::Table;
use busbar_schema::quote::{quoted, text_literal};
use busbar_store::{Dialect, RawBatch, Value};

use super::definitions::Definition;

/// A statement ends once it has so many bytes, so that importing it needs no large statement.
const STATEMENT: usize = 64 * 1024;

/// How one table's rows are read as texts and written as statements.
pub(super) struct Insert {
    sqlite: bool,
    /// The query of its rows.
    pub(super) query: String,
    head: String,
}

impl Insert {
    /// None for a table without a column that may be written.
    pub(super) fn of(dialect: Dialect, table: &Table, definition: &Definition, most: u64) -> Option<Self> {
        if definition.columns.is_empty() {
            return None;
        }
        let sqlite = dialect == Dialect::Sqlite;
        let text = |name: &String| match sqlite {
            true => format!("quote({})", quoted(name)),
            false => format!("{}::text", quoted(name)),
        };
        let texts: Vec<String> = definition.columns.iter().map(text).collect();
        let names: Vec<String> = definition.columns.iter().map(|name| quoted(name)).collect();
        let overriding = if definition.overriding {
            " OVERRIDING SYSTEM VALUE"
        } else {
            ""
        };
        Some(Self {
            sqlite,
            query: format!(
                "SELECT {} FROM {}{} LIMIT {most}",
                texts.join(", "),
                place(dialect, table),
                order(table)
            ),
            head: format!(
                "INSERT INTO {} ({}){overriding} VALUES\n",
                quoted(&table.name),
                names.join(", ")
            ),
        })
    }

    /// Some rows as statements.
    pub(super) fn statements(&self, batch: &RawBatch) -> String {
        let mut sql = String::new();
        let mut length = 0;
        for row in &batch.rows {
            let values: Vec<String> = row.values().iter().map(|value| self.literal(value)).collect();
            let line = format!("({})", values.join(", "));
            if length > STATEMENT {
                sql.push_str(";\n");
                length = 0;
            }
            sql.push_str(if length == 0 { &self.head } else { ",\n" });
            sql.push_str(&line);
            length += line.len();
        }
        sql.push_str(";\n");
        sql
    }

    fn literal(&self, value: &Value) -> String {
        match value {
            Value::Text(text) if self.sqlite => text.clone(),
            Value::Text(text) => text_literal_of(text),
            _ => "NULL".to_owned(),
        }
    }
}

/// How many rows a table has.
pub(super) fn count(dialect: Dialect, table: &Table) -> String {
    format!("SELECT count(*) FROM {}", place(dialect, table))
}

/// All columns of its rows.
pub(super) fn rows(dialect: Dialect, table: &Table, most: u64) -> String {
    format!(
        "SELECT * FROM {}{} LIMIT {most}",
        place(dialect, table),
        order(table)
    )
}

fn place(dialect: Dialect, table: &Table) -> String {
    match dialect {
        Dialect::Sqlite => quoted(&table.name),
        Dialect::Postgres => format!("public.{}", quoted(&table.name)),
    }
}

fn order(table: &Table) -> String {
    let key: Vec<String> = table
        .primary_key
        .iter()
        .map(|at| quoted(&table.columns[*at].name))
        .collect();
    match key.is_empty() {
        true => String::new(),
        false => format!(" ORDER BY {}", key.join(", ")),
    }
}

/// A text as PostgreSQL reads it whatever `standard_conforming_strings` says.
fn text_literal_of(text: &str) -> String {
    match text.contains('\\') {
        true => format!("E{}", text_literal(&text.replace('\\', "\\\\"))),
        false => text_literal(text),
    }
}
