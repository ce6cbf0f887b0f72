//! `DELETE /api/buckets/{bucket}`

use axum::extract::{Path, State};
use busbar_platform::{Ctx, Reply};
use http::StatusCode;

use crate::Services;

/// Deletes it with everything in it.
pub(crate) async fn handle(
    State(services): State<Services>,
    ctx: Ctx,
    Path(bucket): Path<String>,
) -> Reply<StatusCode> {
    services
        .files
        .buckets
        .delete(ctx.actor(), &bucket.parse()?)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
