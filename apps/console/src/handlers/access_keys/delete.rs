//! `DELETE /api/access-keys/{id}`

use axum::extract::{Path, State};
use busbar_kernel::Error;
use busbar_platform::{Ctx, Reply};
use http::StatusCode;

use crate::Services;

/// Revokes it, at once.
pub(crate) async fn handle(
    State(services): State<Services>,
    ctx: Ctx,
    Path(id): Path<String>,
) -> Reply<StatusCode> {
    let id = id
        .parse()
        .map_err(|_: Error| Error::invalid("id", "This is not the id of an access key"))?;
    services.files.access_keys.delete(ctx.actor(), id).await?;
    tracing::info!(operator = ctx.actor().log_name(), key = %id, "access key revoked");
    Ok(StatusCode::NO_CONTENT)
}
