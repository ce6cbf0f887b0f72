//! `DELETE /api/storage/policies/{policy}`

use axum::extract::{Path, State};
use busbar_platform::Reply;
use busbar_schema::policies::OBJECTS;
use http::StatusCode;

use crate::Services;

/// Drops it.
pub(crate) async fn handle(
    State(services): State<Services>,
    Path(policy): Path<String>,
) -> Reply<StatusCode> {
    services.data.policies.drop(OBJECTS, &policy).await?;
    Ok(StatusCode::NO_CONTENT)
}
