//! `PATCH /api/storage/buckets/{bucket}`

use axum::Json;
use axum::extract::State;
use busbar_platform::{Ctx, Input, Reply};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Services;
use crate::handlers::objects::place::InBucket;

/// What is to change.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Change {
    /// Whether anybody may download from it.
    is_public: bool,
}

/// The bucket as it is now.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Changed {
    message: &'static str,
    bucket: String,
    is_public: bool,
    next_actions: &'static str,
}

/// Opens or closes a bucket.
pub(crate) async fn handle(
    State(services): State<Services>,
    ctx: Ctx,
    InBucket(name): InBucket,
    Input(input): Input<Change>,
) -> Reply<Json<Changed>> {
    let buckets = &services.files.buckets;
    let bucket = buckets.set_public(ctx.actor(), &name, input.is_public).await?;
    Ok(Json(Changed {
        message: "Bucket visibility updated",
        bucket: bucket.name.to_string(),
        is_public: bucket.public,
        next_actions: if bucket.public {
            "Anybody can download objects from this bucket."
        } else {
            "Objects in this bucket need a credential or a signed link."
        },
    }))
}
