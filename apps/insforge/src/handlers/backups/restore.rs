//! `POST /api/database/backups/{backup}/restore`

use axum::Json;
use axum::extract::{Path, State};
use busbar_platform::Reply;

use super::id;
use crate::Services;
use crate::views::backup::BackupDone;

/// Puts it in the data's place: all of it, or nothing.
pub(crate) async fn handle(
    State(services): State<Services>,
    Path(backup): Path<String>,
) -> Reply<Json<BackupDone>> {
    services.workbench.backups.restore(id(&backup)?).await?;
    Ok(Json(BackupDone::saying("Backup restored")))
}
