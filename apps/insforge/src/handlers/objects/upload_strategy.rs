//! `POST /api/storage/buckets/{bucket}/upload-strategy`

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use busbar_files::ObjectKey;
use busbar_files::objects::Announced as Announcement;
use busbar_kernel::Error;
use busbar_kernel::clock::iso_millis;
use busbar_platform::{Ctx, Input, Reply};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::place::InBucket;
use crate::Services;
use crate::address::{Address, component};

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
    /// `direct`: PUT the file to `uploadUrl` as the form field `file`, with the caller's credential. `presigned`: POST
    /// `fields` and then the file as `file` to `uploadUrl`, which is the object store, and confirm it.
    method: &'static str,
    upload_url: String,
    /// The form's fields before the file.
    #[serde(skip_serializing_if = "Option::is_none")]
    fields: Option<BTreeMap<&'static str, String>>,
    key: String,
    confirm_required: bool,
    /// Where the upload is to be confirmed by POST, with the caller's credential.
    #[serde(skip_serializing_if = "Option::is_none")]
    confirm_url: Option<String>,
    /// When the form ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<String>,
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
    let objects = &services.files.objects;
    let direct = objects
        .begin_direct(ctx.actor(), &bucket, &key, &announced)
        .await?;
    let name = key.to_string();
    Ok(Json(match direct {
        Some(direct) => UploadStrategy {
            method: "presigned",
            upload_url: direct.form.url,
            fields: Some(direct.form.fields.into_iter().collect()),
            confirm_required: true,
            // Clients put their base address before it.
            confirm_url: Some(format!(
                "/api/storage/buckets/{bucket}/objects/{}/confirm-upload",
                component(&name)
            )),
            expires_at: Some(iso_millis(direct.expires_at)),
            key: name,
        },
        None => UploadStrategy {
            method: "direct",
            upload_url: address.of_object(bucket.as_str(), &name),
            fields: None,
            confirm_required: false,
            confirm_url: None,
            expires_at: None,
            key: name,
        },
    }))
}
