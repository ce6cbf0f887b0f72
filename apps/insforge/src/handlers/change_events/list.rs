//! `GET /api/database/change-events`

use axum::Json;
use axum::extract::State;
use busbar_platform::Reply;

use crate::Services;
use crate::views::change_events::PublicationsView;

/// Lists the tables whose changes are recorded.
pub(crate) async fn handle(State(services): State<Services>) -> Reply<Json<PublicationsView>> {
    Ok(Json(services.data.schema.events.list().await?.into()))
}
