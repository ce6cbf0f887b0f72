//! A table to be: its columns and keys, and the SQL that makes it.

use busbar_kernel::{Error, Result};
use busbar_store::Dialect;

use super::default::default_sql;
use super::names::checked_name;
use crate::catalogue::{ColumnType, ForeignKey, Table, foreign_key_name};
use crate::quote::quoted;
use crate::refusal::sqlstate;

/// A table to be created.
#[derive(Clone, Debug)]
pub struct NewTable {
    /// Its name.
    pub name: String,
    /// Its columns beside `id`, `created_at` and `updated_at`, which every table gets.
    pub columns: Vec<NewColumn>,
    /// Its references.
    pub foreign_keys: Vec<NewForeignKey>,
    /// Whether only policies let people in.
    pub row_security: bool,
}

/// A column to be created.
#[derive(Clone, Debug)]
pub struct NewColumn {
    /// Its name.
    pub name: String,
    /// Its type.
    pub kind: ColumnType,
    /// Whether it takes NULL.
    pub nullable: bool,
    /// Whether no two rows share a value.
    pub unique: bool,
    /// A literal, or one of `gen_random_uuid()`, `now()`, `CURRENT_DATE`.
    pub default: Option<String>,
}

/// A reference to be created.
#[derive(Clone, Debug)]
pub struct NewForeignKey {
    /// `fk_<columns>_<table>_<columns>` when there is none.
    pub name: Option<String>,
    /// The table referred to; `auth.users` for people.
    pub table: String,
    /// Pairs of own and referred column.
    pub columns: Vec<(String, String)>,
    /// What happens when the other row goes.
    pub on_delete: Action,
    /// What happens when the other key changes.
    pub on_update: Action,
}

/// What a reference does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Action {
    /// Refuse, at the end of the statement.
    #[default]
    NoAction,
    /// Refuse.
    Restrict,
    /// Follow.
    Cascade,
    /// Forget.
    SetNull,
    /// Go back to the default.
    SetDefault,
}

impl Action {
    const WORDS: [(Self, &'static str); 5] = [
        (Self::NoAction, "NO ACTION"),
        (Self::Restrict, "RESTRICT"),
        (Self::Cascade, "CASCADE"),
        (Self::SetNull, "SET NULL"),
        (Self::SetDefault, "SET DEFAULT"),
    ];

    /// SQL's words.
    pub fn words(self) -> &'static str {
        Self::WORDS
            .iter()
            .find(|(action, _)| *action == self)
            .map_or("NO ACTION", |(_, words)| words)
    }

    /// The action of SQL's words, in any case.
    pub fn of(words: &str) -> Option<Self> {
        Self::WORDS
            .iter()
            .find(|(_, known)| known.eq_ignore_ascii_case(words.trim()))
            .map(|(action, _)| *action)
    }
}

/// A table ready to be written as SQL.
#[derive(Clone, Debug)]
pub(super) struct Definition {
    pub(super) columns: Vec<ColumnDefinition>,
    pub(super) primary_key: Vec<String>,
    pub(super) foreign_keys: Vec<ForeignKey>,
}

#[derive(Clone, Debug)]
pub(super) struct ColumnDefinition {
    pub(super) name: String,
    /// The type as it is declared.
    pub(super) declared: String,
    pub(super) not_null: bool,
    pub(super) unique: bool,
    /// SQL.
    pub(super) default: Option<String>,
}

impl Definition {
    /// The table as it stands; for SQLite.
    pub(super) fn of(table: &Table) -> Self {
        let name = |at: &usize| table.columns[*at].name.clone();
        let columns = table
            .columns
            .iter()
            .enumerate()
            .map(|(at, column)| ColumnDefinition {
                name: column.name.clone(),
                declared: column.declared.clone(),
                not_null: !column.nullable,
                unique: table.is_unique(at) && table.primary_key != [at],
                default: column.default.clone(),
            });
        Self {
            columns: columns.collect(),
            primary_key: table.primary_key.iter().map(name).collect(),
            foreign_keys: table.foreign_keys.clone(),
        }
    }

    /// `CREATE TABLE`; unique columns get indexes of their own, so that they can go again.
    pub(super) fn create(&self, dialect: Dialect, name: &str) -> String {
        let mut parts: Vec<String> = self.columns.iter().map(ColumnDefinition::sql).collect();
        if !self.primary_key.is_empty() {
            parts.push(format!("PRIMARY KEY ({})", quoted_list(&self.primary_key)));
        }
        parts.extend(self.foreign_keys.iter().map(|key| constraint(dialect, key)));
        format!("CREATE TABLE {} ({})", place(dialect, name), parts.join(", "))
    }

    /// One statement per unique column.
    pub(super) fn unique_indexes(&self, dialect: Dialect, table: &str) -> Vec<String> {
        let unique = self.columns.iter().filter(|column| column.unique);
        unique
            .map(|column| unique_index(dialect, table, &column.name))
            .collect()
    }
}

impl ColumnDefinition {
    pub(super) fn sql(&self) -> String {
        let mut sql = format!("{} {}", quoted(&self.name), self.declared);
        if self.not_null {
            sql.push_str(" NOT NULL");
        }
        if let Some(default) = &self.default {
            sql.push_str(&format!(" DEFAULT ({default})"));
        }
        sql
    }
}

/// A table where a statement of this dialect names it.
pub(super) fn place(dialect: Dialect, name: &str) -> String {
    match dialect {
        Dialect::Sqlite => quoted(name),
        Dialect::Postgres => format!("\"public\".{}", quoted(name)),
    }
}

pub(super) fn unique_index(dialect: Dialect, table: &str, column: &str) -> String {
    let (name, place, column_sql) = (unique_name(table, column), place(dialect, table), quoted(column));
    match dialect {
        Dialect::Sqlite => format!("CREATE UNIQUE INDEX {} ON {place} ({column_sql})", quoted(&name)),
        Dialect::Postgres => {
            format!(
                "ALTER TABLE {place} ADD CONSTRAINT {} UNIQUE ({column_sql})",
                quoted(&name)
            )
        }
    }
}

/// PostgreSQL's name for a column's unique constraint, cut as it cuts.
fn unique_name(table: &str, column: &str) -> String {
    let mut name = format!("{table}_{column}_key");
    while name.len() > 63 {
        name.pop();
    }
    name
}

/// `CONSTRAINT … FOREIGN KEY …`.
pub(super) fn constraint(dialect: Dialect, key: &ForeignKey) -> String {
    let referenced = match (dialect, key.table.split_once('.')) {
        (Dialect::Postgres, Some((schema, table))) => format!("{}.{}", quoted(schema), quoted(table)),
        _ => place(dialect, &key.table),
    };
    format!(
        "CONSTRAINT {} FOREIGN KEY ({}) REFERENCES {referenced} ({}) ON DELETE {} ON UPDATE {}",
        quoted(&key.name),
        quoted_list(&key.columns),
        quoted_list(&key.referenced),
        key.on_delete,
        key.on_update,
    )
}

pub(super) fn quoted_list(names: &[String]) -> String {
    names
        .iter()
        .map(|name| quoted(name))
        .collect::<Vec<_>>()
        .join(", ")
}

/// A column of a request, checked and with its default in SQL.
pub(super) fn column_definition(
    dialect: Dialect,
    field: &str,
    column: &NewColumn,
) -> Result<ColumnDefinition> {
    let name = checked_name(&format!("{field}.columnName"), &column.name)?;
    let mut default = match &column.default {
        Some(written) => default_sql(dialect, column.kind, written)
            .map_err(|error| error.field(format!("{field}.defaultValue")))?,
        None => None,
    };
    if default.is_none() && column.kind == ColumnType::Uuid && !column.nullable {
        // InsForge gives such columns a value of their own.
        default = default_sql(dialect, ColumnType::Uuid, "gen_random_uuid()")?;
    }
    Ok(ColumnDefinition {
        name: name.to_owned(),
        declared: match dialect {
            Dialect::Sqlite => column.kind.declared_in_sqlite().to_owned(),
            Dialect::Postgres => column.kind.name().to_owned(),
        },
        not_null: !column.nullable,
        unique: column.unique,
        default,
    })
}

/// A reference of a request, checked.
pub(super) fn foreign_key(field: &str, key: &NewForeignKey) -> Result<ForeignKey> {
    if key.columns.is_empty() {
        return Err(Error::invalid(
            format!("{field}.referenceColumns"),
            "A reference names at least one column",
        ));
    }
    let table = key.table.strip_prefix("public.").unwrap_or(&key.table);
    match table.split_once('.') {
        Some(("auth", name)) => checked_name(&format!("{field}.referenceTable"), name)?,
        Some(_) => {
            return Err(sqlstate(
                "3F000",
                format!("the schema of {table} cannot be referred to"),
            ));
        }
        None => checked_name(&format!("{field}.referenceTable"), table)?,
    };
    let (own, referenced): (Vec<String>, Vec<String>) = key.columns.iter().cloned().unzip();
    for name in own.iter().chain(&referenced) {
        checked_name(&format!("{field}.referenceColumns"), name)?;
    }
    let name = match &key.name {
        Some(name) => checked_name(&format!("{field}.constraintName"), name)?.to_owned(),
        None => {
            let mut name = foreign_key_name(&own, table, &referenced);
            while name.len() > 63 {
                name.pop();
            }
            name
        }
    };
    Ok(ForeignKey {
        name,
        columns: own,
        table: table.to_owned(),
        referenced,
        on_delete: key.on_delete.words().to_owned(),
        on_update: key.on_update.words().to_owned(),
    })
}
