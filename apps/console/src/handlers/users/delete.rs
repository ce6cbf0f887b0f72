//! `DELETE /api/users/{id}`

use axum::extract::{Path, State};
use busbar_kernel::Error;
use busbar_platform::Reply;
use http::StatusCode;

use crate::Services;

/// Deletes it.
pub(crate) async fn handle(State(services): State<Services>, Path(id): Path<String>) -> Reply<StatusCode> {
    match services.people.delete_users(&[id.parse()?]).await? {
        0 => Err(Error::not_found("user").into()),
        _ => Ok(StatusCode::NO_CONTENT),
    }
}
