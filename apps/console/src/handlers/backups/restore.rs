//! `POST /api/backups/{backup}/restore`

use axum::extract::{Path, State};
use busbar_platform::{Ctx, Reply};
use http::StatusCode;

use super::id;
use crate::Services;

/// Puts it in the place of the tables: all of it, or nothing.
pub(crate) async fn handle(
    State(services): State<Services>,
    ctx: Ctx,
    Path(backup): Path<String>,
) -> Reply<StatusCode> {
    services.workbench.backups.restore(id(&backup)?).await?;
    tracing::info!(operator = ctx.actor().log_name(), backup, "backup restored");
    Ok(StatusCode::NO_CONTENT)
}
