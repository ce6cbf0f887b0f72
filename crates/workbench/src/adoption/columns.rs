//! The columns of the system's tables: those that are there, and those that Busbar's migrations make.

use std::collections::HashMap;

use busbar_kernel::{Error, Result};
use busbar_store::{Dialect, MigrationSet, Survey, statements};
use serde::Deserialize;
use sqlparser::ast::{ColumnDef, ColumnOption, CreateTable, Statement as Tree};
use sqlparser::dialect::PostgreSqlDialect;
use sqlparser::parser::Parser;

/// A column that is there.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Existing {
    table_name: String,
    pub(super) name: String,
    pub(super) not_null: bool,
    pub(super) has_default: bool,
    /// Its type, as PostgreSQL writes it.
    pub(super) kind: String,
    /// Whether the table has policies, which hold its columns' types.
    pub(super) guarded: bool,
}

/// A table that a migration makes.
pub(super) struct Made {
    /// Schema and name.
    pub(super) name: String,
    pub(super) columns: Vec<Column>,
}

/// A column that a migration makes.
pub(super) struct Column {
    pub(super) name: String,
    /// As it stands in `CREATE TABLE`.
    pub(super) definition: String,
    /// Its type, in lower case.
    pub(super) kind: String,
    /// Whether it is ordered byte by byte.
    pub(super) plain_order: bool,
    pub(super) not_null: bool,
    pub(super) default: Option<String>,
    /// A value of its type that says nothing.
    pub(super) neutral: &'static str,
}

const EXISTING: &str = "SELECT n.nspname || '.' || c.relname AS table_name, a.attname::text AS name, \
 a.attnotnull AS not_null, a.atthasdef OR a.attidentity <> '' AS has_default, \
 pg_catalog.format_type(a.atttypid, NULL) AS kind, \
 EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid) AS guarded \
 FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace \
 WHERE c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped \
 AND n.nspname IN ('auth', 'storage', 'realtime', 'system', 'functions', 'schedules', 'email', 'messaging', 'ai')";

/// What is there, by table.
///
/// # Errors
/// The database's.
pub(super) async fn existing(survey: &Survey) -> Result<HashMap<String, Vec<Existing>>> {
    let mut tables: HashMap<String, Vec<Existing>> = HashMap::new();
    for column in survey.rows::<Existing>(EXISTING).await? {
        tables.entry(column.table_name.clone()).or_default().push(column);
    }
    Ok(tables)
}

/// The tables that a set makes.
///
/// # Errors
/// A migration of ours that cannot be read.
pub(super) fn made(set: &MigrationSet) -> Result<Vec<Made>> {
    let mut tables = Vec::new();
    for migration in set.migrations {
        for statement in statements(migration.postgres, Dialect::Postgres) {
            let makes = statement.tokens[0].is("create")
                && statement.tokens.get(1).is_some_and(|word| word.is("table"));
            if !makes {
                continue;
            }
            let parsed = Parser::parse_sql(&PostgreSqlDialect {}, &statement.text).map_err(|error| {
                Error::internal("a migration cannot be read")
                    .with("migration", format!("{} {}", set.name, migration.number))
                    .source(error)
            })?;
            if let Some(Tree::CreateTable(table)) = parsed.into_iter().next() {
                tables.push(table_of(table));
            }
        }
    }
    Ok(tables)
}

fn table_of(table: CreateTable) -> Made {
    Made {
        name: table.name.to_string(),
        columns: table.columns.into_iter().map(column_of).collect(),
    }
}

fn column_of(column: ColumnDef) -> Column {
    let mut not_null = false;
    let mut default = None;
    for option in &column.options {
        match &option.option {
            ColumnOption::NotNull | ColumnOption::PrimaryKey(_) => not_null = true,
            ColumnOption::Default(value) => default = Some(value.to_string()),
            ColumnOption::Generated { .. } => default = Some(String::new()),
            _ => {}
        }
    }
    let kind = column.data_type.to_string().to_ascii_lowercase();
    let definition = column.to_string();
    let neutral = match kind.as_str() {
        // Of version 4, so that files know the names of bytes that were never brought.
        "uuid" => "gen_random_uuid()",
        "boolean" => "false",
        "integer" | "bigint" | "smallint" => "0",
        "jsonb" => "'{}'",
        kind if kind.starts_with("timestamp") => "now()",
        _ => "''",
    };
    Column {
        name: column.name.value.clone(),
        plain_order: definition.contains("COLLATE \"C\""),
        definition,
        not_null,
        default: default.filter(|default| !default.is_empty()),
        neutral,
        kind,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_own_migrations_can_be_read() {
        let made = made(&crate::tables::MIGRATIONS).unwrap();
        let scans = made
            .iter()
            .find(|table| table.name == "system.advisor_scans")
            .unwrap();
        assert!(
            scans.columns.iter().all(|column| column.not_null),
            "{:?}",
            scans.columns[1].definition
        );
    }
}
