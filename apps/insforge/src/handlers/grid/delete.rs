//! `DELETE /api/database/admin/tables/{table}/records`

use axum::Json;
use axum::extract::{Path, State};
use busbar_platform::{Input, Query, Reply};
use busbar_workbench::GridRow;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Services;
use crate::handlers::tables::list::SchemaQuery;

/// The keys of rows.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RowKeys {
    #[schema(value_type = Vec<Object>)]
    pk_keys: Vec<GridRow>,
}

/// How many there were.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RowsDeleted {
    deleted_count: u64,
}

/// Deletes them.
pub(crate) async fn handle(
    State(services): State<Services>,
    Path(table): Path<String>,
    Query(query): Query<SchemaQuery>,
    Input(keys): Input<RowKeys>,
) -> Reply<Json<RowsDeleted>> {
    let grid = &services.workbench.grid;
    let deleted_count = grid.delete(query.changed()?, &table, &keys.pk_keys).await?;
    Ok(Json(RowsDeleted { deleted_count }))
}
