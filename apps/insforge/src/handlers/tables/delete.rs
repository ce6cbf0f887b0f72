//! `DELETE /api/database/tables/{table}`

use axum::Json;
use axum::extract::{Path, State};
use busbar_platform::Reply;

use crate::Services;
use crate::views::database::Dropped;

/// Drops it; a table that is not there counts as dropped.
pub(crate) async fn handle(
    State(services): State<Services>,
    Path(table): Path<String>,
) -> Reply<Json<Dropped>> {
    services.data.tables.drop("public", &table).await?;
    Ok(Json(Dropped::of(table)))
}
