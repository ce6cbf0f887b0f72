//! `GET /api/database/config`

use axum::Json;
use axum::extract::State;
use busbar_platform::Reply;

use crate::Services;
use crate::views::database_config::DatabaseConfigView;

/// Shows the schedule of backups.
pub(crate) async fn handle(State(services): State<Services>) -> Reply<Json<DatabaseConfigView>> {
    Ok(Json(services.workbench.backups.schedule().await?.into()))
}
