//! `GET /api/storage/buckets`

use axum::Json;
use axum::extract::State;
use busbar_platform::{Ctx, Reply};

use crate::Services;
use crate::views::storage::BucketView;

/// Answers all buckets.
pub(crate) async fn handle(State(services): State<Services>, ctx: Ctx) -> Reply<Json<Vec<BucketView>>> {
    let buckets = services.files.buckets.list(ctx.actor()).await?;
    Ok(Json(
        buckets.into_iter().map(|usage| usage.bucket.into()).collect(),
    ))
}
