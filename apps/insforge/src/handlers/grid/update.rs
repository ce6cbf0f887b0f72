//! `PATCH /api/database/admin/tables/{table}/records`

use axum::Json;
use axum::extract::{Path, State};
use busbar_platform::{Input, Query, Reply};
use busbar_workbench::GridRow;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::Services;
use crate::handlers::tables::list::SchemaQuery;

/// A row's key and what changes.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RowChange {
    #[schema(value_type = Object)]
    pk_keys: GridRow,
    #[schema(value_type = Object)]
    data: GridRow,
}

/// Changes the row.
pub(crate) async fn handle(
    State(services): State<Services>,
    Path(table): Path<String>,
    Query(query): Query<SchemaQuery>,
    Input(change): Input<RowChange>,
) -> Reply<Json<GridRow>> {
    let grid = &services.workbench.grid;
    let changed = grid
        .update(query.changed()?, &table, &change.pk_keys, &change.data)
        .await?;
    Ok(Json(changed))
}
