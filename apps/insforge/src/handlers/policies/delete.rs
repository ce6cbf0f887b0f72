//! `DELETE /api/database/policies/{table}/{policy}`

use axum::extract::{Path, State};
use busbar_platform::Reply;
use http::StatusCode;

use crate::Services;

/// Drops it; row security stays on.
pub(crate) async fn handle(
    State(services): State<Services>,
    Path((table, policy)): Path<(String, String)>,
) -> Reply<StatusCode> {
    services.data.policies.drop(&table, &policy).await?;
    Ok(StatusCode::NO_CONTENT)
}
