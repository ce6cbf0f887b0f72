//! Tables.

pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod input;
pub(crate) mod list;
pub(crate) mod row_security;
pub(crate) mod show;
pub(crate) mod update;

use busbar_kernel::Result;
use busbar_schema::{ColumnDescription, ForeignKeyDescription};
use serde::Serialize;
use utoipa::ToSchema;

use crate::Services;
use crate::handlers::indexes::IndexView;
use crate::handlers::policies::PolicyView;

/// The schema that the console shows.
pub(crate) const SCHEMA: &str = "public";

/// A table as it stands.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TableView {
    name: String,
    columns: Vec<ColumnView>,
    foreign_keys: Vec<ForeignKeyView>,
    /// The references of other tables to this one.
    referring: Vec<ReferringView>,
    indexes: Vec<IndexView>,
    row_security: bool,
    record_count: u64,
    policies: Vec<PolicyView>,
}

/// A column as it stands.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ColumnView {
    column_name: String,
    /// A word of the type map, else the database's name.
    #[serde(rename = "type")]
    kind: String,
    is_nullable: bool,
    is_primary_key: bool,
    is_unique: bool,
    default_value: Option<String>,
}

/// A reference as it stands.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ForeignKeyView {
    constraint_name: String,
    reference_table: String,
    reference_columns: Vec<ColumnPairView>,
    on_delete: String,
    on_update: String,
}

/// A reference to the table.
#[derive(Serialize, ToSchema)]
pub(crate) struct ReferringView {
    /// The table that holds it.
    table: String,
    #[serde(flatten)]
    key: ForeignKeyView,
}

/// A pair of own and referred column.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ColumnPairView {
    source_column: String,
    reference_column: String,
}

/// The table as it stands now.
pub(crate) async fn view(services: &Services, name: &str) -> Result<TableView> {
    let tables = &services.data.tables;
    let table = tables.describe(SCHEMA, name).await?;
    let policies = services.data.policies.list(SCHEMA).await?;
    let indexes = tables.indexes(SCHEMA).await?;
    Ok(TableView {
        referring: tables
            .referring(SCHEMA, name)?
            .into_iter()
            .map(|(table, key)| ReferringView {
                table,
                key: key.into(),
            })
            .collect(),
        columns: table.columns.into_iter().map(ColumnView::from).collect(),
        foreign_keys: table.foreign_keys.into_iter().map(ForeignKeyView::from).collect(),
        indexes: indexes
            .into_iter()
            .filter(|index| index.table_name == table.name)
            .map(IndexView::from)
            .collect(),
        row_security: table.row_security,
        record_count: table.rows,
        policies: policies
            .into_iter()
            .filter(|policy| policy.table == table.name)
            .map(PolicyView::from)
            .collect(),
        name: table.name,
    })
}

impl From<ColumnDescription> for ColumnView {
    fn from(column: ColumnDescription) -> Self {
        Self {
            kind: column.kind.api_word().map_or(column.sql_type, str::to_owned),
            column_name: column.name,
            is_nullable: column.nullable,
            is_primary_key: column.primary_key,
            is_unique: column.unique,
            default_value: column.default,
        }
    }
}

impl From<ForeignKeyDescription> for ForeignKeyView {
    fn from(key: ForeignKeyDescription) -> Self {
        let pair = |(source_column, reference_column)| ColumnPairView {
            source_column,
            reference_column,
        };
        Self {
            constraint_name: key.name,
            reference_table: key.table,
            reference_columns: key.columns.into_iter().map(pair).collect(),
            on_delete: key.on_delete,
            on_update: key.on_update,
        }
    }
}
