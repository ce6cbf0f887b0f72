//! `PATCH /api/tables/{table}`

use axum::Json;
use axum::extract::{Path, State};
use busbar_platform::{Input, Reply};
use busbar_schema::{ColumnChange, TableChanges};
use serde::Deserialize;
use utoipa::ToSchema;

use super::TableView;
use super::input::{ColumnInput, ForeignKeyInput, columns, foreign_keys};
use crate::Services;

/// What is to change.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
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
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ColumnChangeInput {
    column_name: String,
    new_column_name: Option<String>,
    /// An empty text takes the default away.
    default_value: Option<String>,
}

/// The table's new name.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Rename {
    new_table_name: String,
}

/// Changes it: all of it, or nothing.
pub(crate) async fn handle(
    State(services): State<Services>,
    Path(table): Path<String>,
    Input(input): Input<ChangesInput>,
) -> Reply<Json<TableView>> {
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
    services.data.tables.alter(&table, &changes).await?;
    let name = changes.rename.as_deref().unwrap_or(&table);
    Ok(Json(super::view(&services, name).await?))
}
