//! `DELETE /api/database/change-events/{table}`

use axum::extract::{Path, State};
use busbar_platform::Reply;
use http::StatusCode;

use crate::Services;

/// Switches them off; what was recorded stays.
pub(crate) async fn handle(State(services): State<Services>, Path(table): Path<String>) -> Reply<StatusCode> {
    services.data.schema.events.withdraw(&table).await?;
    Ok(StatusCode::NO_CONTENT)
}
