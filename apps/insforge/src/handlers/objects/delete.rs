//! `DELETE /api/storage/buckets/{bucket}/objects/{key}`

use axum::Json;
use axum::extract::State;
use busbar_platform::{Ctx, Reply};

use super::place::At;
use crate::Services;
use crate::views::storage::Done;

/// Removes an object.
pub(crate) async fn handle(
    State(services): State<Services>,
    ctx: Ctx,
    At { bucket, key }: At,
) -> Reply<Json<Done>> {
    services.files.objects.delete(ctx.actor(), &bucket, &key).await?;
    Ok(Json(Done {
        message: "Object deleted successfully",
        next_actions: None,
    }))
}
