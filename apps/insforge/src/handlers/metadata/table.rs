//! `GET /api/metadata/{table}`

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{Path, State};
use busbar_platform::Reply;

use crate::Services;
use crate::views::metadata::TableView;

/// Tells one table with all that belongs to it, under its name.
pub(crate) async fn handle(
    State(services): State<Services>,
    Path(table): Path<String>,
) -> Reply<Json<BTreeMap<String, TableView>>> {
    let view = TableView::read(&services, &table).await?;
    Ok(Json([(table, view)].into_iter().collect()))
}
