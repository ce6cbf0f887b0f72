//! `POST /api/storage/buckets`

use axum::Json;
use axum::extract::State;
use busbar_files::BucketName;
use busbar_platform::{Ctx, Input, Reply};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Services;

/// The bucket to be.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct NewBucket {
    /// Letters, digits, `_` and `-`, at most 63.
    bucket_name: String,
    /// Whether anybody may download from it; private when absent.
    is_public: Option<bool>,
}

/// The bucket that was made.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Created {
    message: &'static str,
    bucket_name: String,
    is_public: bool,
    next_actions: &'static str,
}

/// Makes a bucket.
pub(crate) async fn handle(
    State(services): State<Services>,
    ctx: Ctx,
    Input(input): Input<NewBucket>,
) -> Reply<(StatusCode, Json<Created>)> {
    let name: BucketName = input.bucket_name.parse()?;
    let public = input.is_public.unwrap_or(services.new_buckets_are_public);
    let bucket = services.files.buckets.create(ctx.actor(), &name, public).await?;
    let created = Created {
        message: "Bucket created successfully",
        bucket_name: bucket.name.to_string(),
        is_public: bucket.public,
        next_actions: "You can use /api/storage/buckets/:bucketName/objects/:objectKey to upload an object to the \
                       bucket, and /api/storage/buckets/:bucketName/objects to list the objects in the bucket.",
    };
    Ok((StatusCode::CREATED, Json(created)))
}
