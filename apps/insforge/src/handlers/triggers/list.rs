//! `GET /api/database/triggers`

use axum::Json;
use axum::extract::State;
use busbar_platform::{Query, Reply};

use crate::Services;
use crate::handlers::tables::list::SchemaQuery;
use crate::views::workbench::TriggersView;

/// Lists them.
pub(crate) async fn handle(
    State(services): State<Services>,
    Query(query): Query<SchemaQuery>,
) -> Reply<Json<TriggersView>> {
    Ok(Json(
        services.workbench.listing.triggers(query.name()).await?.into(),
    ))
}
