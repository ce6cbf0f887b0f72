//! `GET /api/backups`

use axum::Json;
use axum::extract::State;
use busbar_platform::Reply;
use serde::Serialize;
use utoipa::ToSchema;

use super::BackupView;
use crate::Services;

/// Backups, newest first.
#[derive(Serialize, ToSchema)]
pub(crate) struct Listed {
    backups: Vec<BackupView>,
}

/// Lists them.
pub(crate) async fn handle(State(services): State<Services>) -> Reply<Json<Listed>> {
    let all = services.workbench.backups.list().await?;
    Ok(Json(Listed {
        backups: all.into_iter().map(BackupView::from).collect(),
    }))
}
