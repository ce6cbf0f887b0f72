//! `GET /api/database/indexes`

use axum::Json;
use axum::extract::State;
use busbar_platform::{Query, Reply};

use crate::Services;
use crate::handlers::tables::list::SchemaQuery;
use crate::views::database::IndexesView;

/// Lists them.
pub(crate) async fn handle(
    State(services): State<Services>,
    Query(query): Query<SchemaQuery>,
) -> Reply<Json<IndexesView>> {
    Ok(Json(services.data.tables.indexes(query.name()).await?.into()))
}
