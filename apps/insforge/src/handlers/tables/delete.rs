//! `DELETE /api/database/tables/{table}`

use axum::Json;
use axum::extract::{Path, State};
use busbar_platform::{Query, Reply};

use super::list::SchemaQuery;
use crate::Services;
use crate::views::database::Dropped;

/// Drops it; a table that is not there counts as dropped.
pub(crate) async fn handle(
    State(services): State<Services>,
    Path(table): Path<String>,
    Query(query): Query<SchemaQuery>,
) -> Reply<Json<Dropped>> {
    services.data.tables.drop(query.changed()?, &table).await?;
    Ok(Json(Dropped::of(table)))
}
