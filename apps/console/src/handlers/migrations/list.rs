//! `GET /api/migrations`

use axum::Json;
use axum::extract::State;
use busbar_platform::Reply;
use serde::Serialize;
use utoipa::ToSchema;

use super::MigrationView;
use crate::Services;

/// What was applied, newest first.
#[derive(Serialize, ToSchema)]
pub(crate) struct Listed {
    migrations: Vec<MigrationView>,
}

/// Lists them.
pub(crate) async fn handle(State(services): State<Services>) -> Reply<Json<Listed>> {
    let applied = services.workbench.migrations.list().await?;
    Ok(Json(Listed {
        migrations: applied.into_iter().map(MigrationView::from).collect(),
    }))
}
