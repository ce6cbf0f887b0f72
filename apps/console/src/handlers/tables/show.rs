//! `GET /api/tables/{table}`

use axum::Json;
use axum::extract::{Path, State};
use busbar_platform::Reply;

use super::TableView;
use crate::Services;

/// Describes it.
pub(crate) async fn handle(
    State(services): State<Services>,
    Path(table): Path<String>,
) -> Reply<Json<TableView>> {
    Ok(Json(super::view(&services, &table).await?))
}
