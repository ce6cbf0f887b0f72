//! `GET /api/database/backups`

use axum::Json;
use axum::extract::State;
use busbar_platform::Reply;

use crate::Services;
use crate::views::backup::BackupsView;

/// Lists them, newest first.
pub(crate) async fn handle(State(services): State<Services>) -> Reply<Json<BackupsView>> {
    Ok(Json(services.workbench.backups.list().await?.into()))
}
