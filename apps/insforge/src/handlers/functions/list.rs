//! `GET /api/database/functions`

use axum::Json;
use axum::extract::State;
use busbar_platform::{Query, Reply};

use crate::Services;
use crate::handlers::tables::list::SchemaQuery;
use crate::views::workbench::FunctionsView;

/// Lists them.
pub(crate) async fn handle(
    State(services): State<Services>,
    Query(query): Query<SchemaQuery>,
) -> Reply<Json<FunctionsView>> {
    Ok(Json(
        services.workbench.listing.functions(query.name()).await?.into(),
    ))
}
