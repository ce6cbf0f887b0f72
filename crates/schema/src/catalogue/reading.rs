//! The rows both databases describe their tables with, put together.

use std::sync::Arc;

use serde::Deserialize;

use super::ColumnType;
use super::media::Handler;
use super::relations::Computed;
use super::table::{Column, ForeignKey, Security, Table};
use crate::policy::Policy;

/// What was read of a database.
pub(super) struct Reading {
    pub(super) tables: Vec<Table>,
    pub(super) functions: Vec<Computed>,
    pub(super) published: Vec<Published>,
    /// The schema of PostGIS' functions.
    pub(super) geography: Option<String>,
    pub(super) asks: Vec<Asks>,
    /// On SQLite: the policies of `storage.objects`, while there are any that count.
    pub(super) objects: Option<Arc<[Policy]>>,
    pub(super) handlers: Vec<Arc<Handler>>,
}

/// A policy whose subquery asks another table.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Asks {
    /// The policy's table.
    pub table: String,
    /// The policy.
    pub policy: String,
    /// The other table.
    pub asked: String,
    /// Whether the policy speaks of reading.
    pub reads: bool,
}

/// A table whose changes are recorded by triggers that know its columns by name.
#[derive(Clone, Debug)]
pub struct Published {
    /// The table.
    pub table: String,
    /// The columns that it was told to show or to look at.
    pub columns: Vec<String>,
}

/// One column of one table.
#[derive(Deserialize)]
pub(super) struct ColumnRow {
    pub(super) schema_name: String,
    pub(super) table_name: String,
    pub(super) is_view: bool,
    pub(super) row_security: bool,
    pub(super) stamped: bool,
    pub(super) name: String,
    pub(super) declared: String,
    pub(super) not_null: bool,
    pub(super) default_sql: Option<String>,
    pub(super) generated: bool,
}

/// One column of one unique key.
#[derive(Deserialize)]
pub(super) struct KeyRow {
    pub(super) schema_name: String,
    pub(super) table_name: String,
    pub(super) key_name: String,
    pub(super) is_primary: bool,
    /// A constraint, not only an index.
    pub(super) is_constraint: bool,
    pub(super) column_name: String,
}

/// One column of one foreign key.
#[derive(Deserialize)]
pub(super) struct ReferenceRow {
    pub(super) schema_name: String,
    pub(super) table_name: String,
    pub(super) key_name: String,
    pub(super) column_name: String,
    pub(super) referenced_table: String,
    pub(super) referenced_column: String,
    pub(super) on_delete: String,
    pub(super) on_update: String,
}

/// Rows of one table stand together, in order, in each list.
pub(super) fn assemble(
    columns: Vec<ColumnRow>,
    keys: Vec<KeyRow>,
    references: Vec<ReferenceRow>,
) -> Vec<Table> {
    let mut tables: Vec<Table> = Vec::new();
    for row in columns {
        let known = tables
            .last()
            .is_some_and(|table| table.schema == row.schema_name && table.name == row.table_name);
        if !known {
            tables.push(Table {
                schema: row.schema_name.clone(),
                name: row.table_name.clone(),
                is_view: row.is_view,
                columns: Vec::new(),
                primary_key: Vec::new(),
                unique: Vec::new(),
                constraints: Vec::new(),
                foreign_keys: Vec::new(),
                computed_fields: Vec::new(),
                rows_of: None,
                security: Security::Native {
                    enabled: row.row_security,
                },
                stamped: None,
                written_to: None,
                shown_by: None,
                row_ids: true,
            });
        }
        let Some(table) = tables.last_mut() else { continue };
        if row.stamped && row.name == "updated_at" {
            table.stamped = Some(table.columns.len());
        }
        table.columns.push(Column {
            kind: ColumnType::of(&row.declared),
            declared: row.declared,
            name: row.name,
            nullable: !row.not_null,
            computed: None,
            default: row.default_sql,
            generated: row.generated,
            origin: None,
        });
    }
    add_keys(&mut tables, keys);
    add_references(&mut tables, references);
    tables
}

fn add_keys(tables: &mut [Table], keys: Vec<KeyRow>) {
    let mut last = String::new();
    for row in keys {
        let name = format!("{}.{}.{}", row.schema_name, row.table_name, row.key_name);
        let Some(table) = find(tables, &row.schema_name, &row.table_name) else {
            continue;
        };
        let Some(column) = table.position(&row.column_name) else {
            continue;
        };
        if name != last {
            table.unique.push(Vec::new());
            if row.is_constraint {
                table.constraints.push(Vec::new());
            }
            last = name;
        }
        if let Some(key) = table.unique.last_mut() {
            key.push(column);
        }
        if row.is_constraint
            && let Some(key) = table.constraints.last_mut()
        {
            key.push(column);
        }
        if row.is_primary {
            table.primary_key.push(column);
        }
    }
}

fn add_references(tables: &mut [Table], references: Vec<ReferenceRow>) {
    let mut last = String::new();
    for row in references {
        let name = format!("{}.{}.{}", row.schema_name, row.table_name, row.key_name);
        let Some(table) = find(tables, &row.schema_name, &row.table_name) else {
            continue;
        };
        if name != last {
            table.foreign_keys.push(ForeignKey {
                name: row.key_name,
                columns: Vec::new(),
                table: row.referenced_table,
                referenced: Vec::new(),
                on_delete: row.on_delete,
                on_update: row.on_update,
            });
            last = name;
        }
        if let Some(key) = table.foreign_keys.last_mut() {
            key.columns.push(row.column_name);
            key.referenced.push(row.referenced_column);
        }
    }
}

fn find<'t>(tables: &'t mut [Table], schema: &str, name: &str) -> Option<&'t mut Table> {
    tables
        .iter_mut()
        .find(|table| table.schema == schema && table.name == name)
}

/// The name a foreign key has when it is given none.
pub(crate) fn foreign_key_name(columns: &[String], table: &str, referenced: &[String]) -> String {
    let table = table.rsplit('.').next().unwrap_or(table);
    format!("fk_{}_{table}_{}", columns.join("_"), referenced.join("_"))
}

/// Whether a schema is Busbar's or the database's own: no records are served from it.
pub fn internal_schema(name: &str) -> bool {
    const INTERNAL: [&str; 14] = [
        "ai",
        "auth",
        "busbar",
        "compute",
        "deployments",
        "email",
        "functions",
        "memory",
        "messaging",
        "payments",
        "realtime",
        "schedules",
        "storage",
        "system",
    ];
    INTERNAL.contains(&name)
        || name == "information_schema"
        || ["pg_", "app_", "tenant_"]
            .iter()
            .any(|prefix| name.starts_with(prefix))
}
