//! `DELETE /api/tables/{table}/policies/{policy}`

use axum::extract::{Path, State};
use busbar_platform::Reply;
use http::StatusCode;

use crate::Services;

/// Drops it.
pub(crate) async fn handle(
    State(services): State<Services>,
    Path((table, policy)): Path<(String, String)>,
) -> Reply<StatusCode> {
    services.data.policies.drop(&table, &policy).await?;
    Ok(StatusCode::NO_CONTENT)
}
