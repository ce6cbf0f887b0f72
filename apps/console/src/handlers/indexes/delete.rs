//! `DELETE /api/tables/{table}/indexes/{index}`

use axum::extract::{Path, State};
use busbar_platform::Reply;
use http::StatusCode;

use crate::Services;

/// Drops it.
pub(crate) async fn handle(
    State(services): State<Services>,
    Path((table, index)): Path<(String, String)>,
) -> Reply<StatusCode> {
    services.data.tables.drop_index(&table, &index).await?;
    Ok(StatusCode::NO_CONTENT)
}
