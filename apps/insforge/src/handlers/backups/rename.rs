//! `PATCH /api/database/backups/{backup}`

use axum::Json;
use axum::extract::{Path, State};
use busbar_platform::{Input, Reply};
use serde::Deserialize;
use utoipa::ToSchema;

use super::id;
use crate::Services;
use crate::views::backup::BackupView;

/// A new name.
#[derive(Deserialize, ToSchema)]
pub(crate) struct BackupName {
    name: String,
}

/// Renames it.
pub(crate) async fn handle(
    State(services): State<Services>,
    Path(backup): Path<String>,
    Input(input): Input<BackupName>,
) -> Reply<Json<BackupView>> {
    let renamed = services
        .workbench
        .backups
        .rename(id(&backup)?, &input.name)
        .await?;
    Ok(Json(renamed.into()))
}
