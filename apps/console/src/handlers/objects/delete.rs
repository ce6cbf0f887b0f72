//! `DELETE /api/buckets/{bucket}/objects/{key}`

use axum::extract::{Path, State};
use busbar_platform::{Ctx, Reply};
use http::StatusCode;

use crate::Services;

/// Deletes it.
pub(crate) async fn handle(
    State(services): State<Services>,
    ctx: Ctx,
    Path((bucket, key)): Path<(String, String)>,
) -> Reply<StatusCode> {
    services
        .files
        .objects
        .delete(ctx.actor(), &bucket.parse()?, &key.parse()?)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
