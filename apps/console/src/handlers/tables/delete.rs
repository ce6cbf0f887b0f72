//! `DELETE /api/tables/{table}`

use axum::extract::{Path, State};
use busbar_kernel::Error;
use busbar_platform::Reply;
use http::StatusCode;

use super::SCHEMA;
use crate::Services;

/// Drops it with its rows.
pub(crate) async fn handle(State(services): State<Services>, Path(table): Path<String>) -> Reply<StatusCode> {
    match services.data.tables.drop(SCHEMA, &table).await? {
        true => Ok(StatusCode::NO_CONTENT),
        false => Err(Error::not_found("table").into()),
    }
}
