//! `DELETE /api/database/backups/{backup}`

use axum::Json;
use axum::extract::{Path, State};
use busbar_platform::Reply;

use super::id;
use crate::Services;
use crate::views::backup::BackupDone;

/// Deletes it and its file.
pub(crate) async fn handle(
    State(services): State<Services>,
    Path(backup): Path<String>,
) -> Reply<Json<BackupDone>> {
    services.workbench.backups.delete(id(&backup)?).await?;
    Ok(Json(BackupDone::saying("Backup deleted")))
}
