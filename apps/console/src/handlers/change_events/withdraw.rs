//! `DELETE /api/tables/{table}/change-events`

use axum::extract::{Path, State};
use busbar_platform::{Ctx, Reply};
use http::StatusCode;

use crate::Services;

/// Switches them off; what was recorded stays.
pub(crate) async fn handle(
    State(services): State<Services>,
    ctx: Ctx,
    Path(table): Path<String>,
) -> Reply<StatusCode> {
    services.data.schema.events.withdraw(&table).await?;
    tracing::info!(operator = ctx.actor().log_name(), table, "change events off");
    Ok(StatusCode::NO_CONTENT)
}
