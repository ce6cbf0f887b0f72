//! `DELETE /api/mailbox`

use axum::extract::State;
use busbar_platform::Reply;
use http::StatusCode;

use crate::Services;

/// Empties it.
pub(crate) async fn handle(State(services): State<Services>) -> Reply<StatusCode> {
    services.mailbox.empty().await?;
    Ok(StatusCode::NO_CONTENT)
}
