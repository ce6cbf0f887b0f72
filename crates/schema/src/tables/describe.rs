//! Describing a table.

use busbar_kernel::Result;
use busbar_store::params;

use super::Tables;
use super::default::shown_default;
use super::definition::place;
use crate::catalogue::{ColumnType, Table, one_as_administrator};

/// A table as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableDescription {
    /// Its schema.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// Its columns in order.
    pub columns: Vec<ColumnDescription>,
    /// Its references.
    pub foreign_keys: Vec<ForeignKeyDescription>,
    /// Whether row security is on.
    pub row_security: bool,
    /// How many rows it has.
    pub rows: u64,
}

/// A column as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnDescription {
    /// Its name.
    pub name: String,
    /// Its type.
    pub kind: ColumnType,
    /// The type as PostgreSQL names it.
    pub sql_type: String,
    /// Whether it takes NULL.
    pub nullable: bool,
    /// Whether it is, or is part of, the primary key.
    pub primary_key: bool,
    /// Whether no two rows share a value.
    pub unique: bool,
    /// Its default, in PostgreSQL's spelling.
    pub default: Option<String>,
}

/// A reference as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForeignKeyDescription {
    /// Its name.
    pub name: String,
    /// Pairs of own and referred column.
    pub columns: Vec<(String, String)>,
    /// The table referred to.
    pub table: String,
    /// What happens when the other row goes.
    pub on_delete: String,
    /// What happens when the other key changes.
    pub on_update: String,
}

impl Tables {
    /// Describes a table.
    ///
    /// # Errors
    /// 42P01 when there is none of this name; `PGRST106` for a schema that is not exposed.
    pub async fn describe(&self, schema: &str, name: &str) -> Result<TableDescription> {
        let catalogue = self.library.current();
        let table = catalogue.table(schema, name)?;
        let dialect = self.library.dialect();
        let from = match dialect {
            busbar_store::Dialect::Sqlite => place(dialect, name),
            busbar_store::Dialect::Postgres => {
                format!("{}.{}", crate::quote::quoted(schema), crate::quote::quoted(name))
            }
        };
        let count = format!("SELECT count(*) FROM {from}");
        let rows: u64 = one_as_administrator(&self.library.db, &count, params![]).await?;
        Ok(TableDescription {
            schema: schema.to_owned(),
            name: name.to_owned(),
            columns: self.columns(table),
            foreign_keys: table.foreign_keys.iter().map(reference).collect(),
            row_security: table.row_security(),
            rows,
        })
    }

    fn columns(&self, table: &Table) -> Vec<ColumnDescription> {
        let dialect = self.library.dialect();
        let describe = |(at, column): (usize, &crate::catalogue::Column)| ColumnDescription {
            name: column.name.clone(),
            kind: column.kind,
            sql_type: match column.kind {
                ColumnType::Other => column.declared.clone(),
                kind => kind.name().to_owned(),
            },
            nullable: column.nullable,
            primary_key: table.primary_key.contains(&at),
            unique: table.is_unique(at),
            default: column
                .default
                .as_ref()
                .map(|sql| shown_default(dialect, column.kind, sql)),
        };
        table.columns.iter().enumerate().map(describe).collect()
    }
}

pub(super) fn reference(key: &crate::catalogue::ForeignKey) -> ForeignKeyDescription {
    ForeignKeyDescription {
        name: key.name.clone(),
        columns: key
            .columns
            .iter()
            .cloned()
            .zip(key.referenced.iter().cloned())
            .collect(),
        table: key.table.clone(),
        on_delete: key.on_delete.clone(),
        on_update: key.on_update.clone(),
    }
}
