//! `GET /api/database/policies`

use axum::Json;
use axum::extract::State;
use busbar_platform::{Query, Reply};

use crate::Services;
use crate::handlers::tables::list::SchemaQuery;
use crate::views::database::PoliciesView;

/// Lists them.
pub(crate) async fn handle(
    State(services): State<Services>,
    Query(query): Query<SchemaQuery>,
) -> Reply<Json<PoliciesView>> {
    Ok(Json(services.data.policies.list(query.name()).await?.into()))
}
