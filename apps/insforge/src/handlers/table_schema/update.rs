//! `PATCH /api/database/tables/{table}/schema`

use axum::Json;
use axum::extract::{Path, State};
use busbar_platform::{Input, Query, Reply};
use busbar_schema::{ColumnChange, TableChanges};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::Services;
use crate::handlers::tables::input::{ColumnInput, ForeignKeyInput, columns, foreign_keys};
use crate::handlers::tables::list::SchemaQuery;
use crate::views::database::Altered;

/// What is to change.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ChangesInput {
    #[serde(default)]
    add_columns: Vec<ColumnInput>,
    #[serde(default)]
    drop_columns: Vec<String>,
    #[serde(default)]
    update_columns: Vec<ColumnChangeInput>,
    #[serde(default)]
    add_foreign_keys: Vec<ForeignKeyInput>,
    #[serde(default)]
    drop_foreign_keys: Vec<String>,
    rename_table: Option<Rename>,
}

/// A change of one column.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ColumnChangeInput {
    column_name: String,
    new_column_name: Option<String>,
    /// An empty text takes the default away.
    default_value: Option<String>,
}

/// The table's new name.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Rename {
    new_table_name: String,
}

/// Changes it: all of it, or nothing.
pub(crate) async fn handle(
    State(services): State<Services>,
    Path(table): Path<String>,
    Query(query): Query<SchemaQuery>,
    Input(input): Input<ChangesInput>,
) -> Reply<Json<Altered>> {
    query.in_public()?;
    let changed = input.update_columns.into_iter().map(|change| ColumnChange {
        name: change.column_name,
        rename: change.new_column_name,
        default: change.default_value,
    });
    let changes = TableChanges {
        drop_foreign_keys: input.drop_foreign_keys,
        drop_columns: input.drop_columns,
        update_columns: changed.collect(),
        add_columns: columns("addColumns", input.add_columns)?,
        add_foreign_keys: foreign_keys("addForeignKeys", input.add_foreign_keys)?,
        rename: input.rename_table.map(|rename| rename.new_table_name),
    };
    let operations = services.data.tables.alter(&table, &changes).await?;
    Ok(Json(Altered::of(table, operations)))
}
