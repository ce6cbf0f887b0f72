//! `DELETE /api/storage/buckets/{bucket}/objects`

use axum::Json;
use axum::extract::State;
use busbar_platform::{Ctx, Input, Reply};
use serde::Deserialize;
use utoipa::ToSchema;

use super::place::InBucket;
use crate::Services;
use crate::views::storage::{DeletionView, Deletions};

/// The objects to be removed.
#[derive(Deserialize, ToSchema)]
pub(crate) struct Keys {
    /// 1 to 1000 keys.
    keys: Vec<String>,
}

/// Removes objects and says of each what became of it.
pub(crate) async fn handle(
    State(services): State<Services>,
    ctx: Ctx,
    InBucket(bucket): InBucket,
    Input(input): Input<Keys>,
) -> Reply<Json<Deletions>> {
    let objects = &services.files.objects;
    let done = objects.delete_many(ctx.actor(), &bucket, &input.keys).await?;
    let results = input.keys.into_iter().zip(done);
    Ok(Json(Deletions {
        results: results.map(|(key, done)| DeletionView::of(key, done)).collect(),
    }))
}
