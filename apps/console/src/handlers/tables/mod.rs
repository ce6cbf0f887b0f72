//! Tables.

pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod input;
pub(crate) mod list;
pub(crate) mod show;
pub(crate) mod update;

use busbar_kernel::Result;
use busbar_schema::{PolicyDescription, TableDescription};
use serde::Serialize;
use utoipa::ToSchema;

use crate::Services;
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

/// A pair of own and referred column.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ColumnPairView {
    source_column: String,
    reference_column: String,
}

/// The table as it stands now.
pub(crate) async fn view(services: &Services, name: &str) -> Result<TableView> {
    let table = services.data.tables.describe(SCHEMA, name).await?;
    let policies = services.data.policies.list(SCHEMA).await?;
    Ok(TableView::of(table, policies))
}

impl TableView {
    fn of(table: TableDescription, policies: Vec<PolicyDescription>) -> Self {
        let columns = table.columns.into_iter().map(|column| ColumnView {
            kind: column.kind.api_word().map_or(column.sql_type, str::to_owned),
            column_name: column.name,
            is_nullable: column.nullable,
            is_primary_key: column.primary_key,
            is_unique: column.unique,
            default_value: column.default,
        });
        let foreign_keys = table.foreign_keys.into_iter().map(|key| ForeignKeyView {
            constraint_name: key.name,
            reference_table: key.table,
            reference_columns: key
                .columns
                .into_iter()
                .map(|(source_column, reference_column)| ColumnPairView {
                    source_column,
                    reference_column,
                })
                .collect(),
            on_delete: key.on_delete,
            on_update: key.on_update,
        });
        Self {
            columns: columns.collect(),
            foreign_keys: foreign_keys.collect(),
            row_security: table.row_security,
            record_count: table.rows,
            policies: policies
                .into_iter()
                .filter(|policy| policy.table == table.name)
                .map(PolicyView::from)
                .collect(),
            name: table.name,
        }
    }
}
