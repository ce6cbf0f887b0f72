//! `DELETE /api/storage/buckets/{bucket}`

use axum::Json;
use axum::extract::State;
use busbar_platform::{Ctx, Reply};

use crate::Services;
use crate::handlers::objects::place::InBucket;
use crate::views::storage::Done;

/// Removes a bucket and everything in it.
pub(crate) async fn handle(
    State(services): State<Services>,
    ctx: Ctx,
    InBucket(name): InBucket,
) -> Reply<Json<Done>> {
    services.files.buckets.delete(ctx.actor(), &name).await?;
    Ok(Json(Done {
        message: "Bucket deleted successfully",
        next_actions: Some(
            "You can use POST /api/storage/buckets to create a new bucket, and GET /api/storage/buckets to list all buckets.",
        ),
    }))
}
