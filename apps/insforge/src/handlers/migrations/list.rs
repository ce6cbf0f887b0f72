//! `GET /api/database/migrations`

use axum::Json;
use axum::extract::State;
use busbar_platform::Reply;

use crate::Services;
use crate::views::workbench::MigrationsView;

/// Lists what was applied, newest first.
pub(crate) async fn handle(State(services): State<Services>) -> Reply<Json<MigrationsView>> {
    Ok(Json(services.workbench.migrations.list().await?.into()))
}
