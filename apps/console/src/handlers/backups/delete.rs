//! `DELETE /api/backups/{backup}`

use axum::extract::{Path, State};
use busbar_platform::{Ctx, Reply};
use http::StatusCode;

use super::id;
use crate::Services;

/// Deletes it and its file.
pub(crate) async fn handle(
    State(services): State<Services>,
    ctx: Ctx,
    Path(backup): Path<String>,
) -> Reply<StatusCode> {
    services.workbench.backups.delete(id(&backup)?).await?;
    tracing::info!(operator = ctx.actor().log_name(), backup, "backup deleted");
    Ok(StatusCode::NO_CONTENT)
}
