//! `GET /api/tables/{table}/change-events`

use axum::Json;
use axum::extract::{Path, State};
use busbar_platform::Reply;
use serde::Serialize;
use utoipa::ToSchema;

use super::PublicationView;
use crate::Services;

/// What is recorded.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PublicationState {
    /// Nothing while events are off.
    publication: Option<PublicationView>,
}

/// Shows it.
pub(crate) async fn handle(
    State(services): State<Services>,
    Path(table): Path<String>,
) -> Reply<Json<PublicationState>> {
    let schema = &services.data.schema;
    // A table that is not there has no events to show either, and says so.
    let table = schema.library.current().table("public", &table)?.name.clone();
    let published = schema.events.list().await?;
    let own = published.into_iter().find(|published| published.table == table);
    Ok(Json(PublicationState {
        publication: own.map(PublicationView::from),
    }))
}
