//! `POST /api/storage/buckets/{bucket}/upload-strategy`

use axum::Json;
use axum::extract::State;
use busbar_files::ObjectKey;
use busbar_files::objects::Announced as Announcement;
use busbar_kernel::Error;
use busbar_platform::{Ctx, Input, Reply};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::place::InBucket;
use crate::Services;
use crate::address::Address;

/// The file that is to come; its type and size are looked at when it comes.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Announced {
    /// The key it is to have.
    filename: String,
    /// The type it is said to have.
    content_type: Option<String>,
    /// In bytes.
    size: Option<u64>,
}

/// How the file is to be uploaded.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct UploadStrategy {
    /// `direct`: PUT the file to `uploadUrl` as the form field `file`, with the caller's credential.
    method: &'static str,
    upload_url: String,
    key: String,
    confirm_required: bool,
}

/// Answers where the file is to be sent, or that it may not be.
pub(crate) async fn handle(
    State(services): State<Services>,
    ctx: Ctx,
    address: Address,
    InBucket(bucket): InBucket,
    Input(input): Input<Announced>,
) -> Reply<Json<UploadStrategy>> {
    let key: ObjectKey = input
        .filename
        .parse()
        .map_err(|error: Error| error.field("filename"))?;
    let announced = Announcement {
        content_type: input.content_type,
        size: input.size,
    };
    services
        .files
        .objects
        .may_upload(ctx.actor(), &bucket, &key, &announced)
        .await?;
    Ok(Json(UploadStrategy {
        method: "direct",
        upload_url: address.of_object(bucket.as_str(), key.as_str()),
        key: key.to_string(),
        confirm_required: false,
    }))
}
