//! Uploads in parts: begin, part, copied part, list, complete, call off.

use axum::response::Response;
use busbar_files::uploads::{NamedPart, NewUpload};
use busbar_files::{BucketName, ObjectKey};
use busbar_kernel::clock::iso_millis;
use busbar_kernel::ids::Id;
use busbar_kernel::{Error, Result};
use http::StatusCode;
use serde::Deserialize;

use super::write::{attached, condition, with_tag};
use super::{Call, copy, raw_path};
use crate::gateway::refusal;
use crate::gateway::xml::{self, Answer, empty};

/// CreateMultipartUpload.
pub(super) async fn begin(call: &Call) -> Result<Response> {
    let (bucket, key) = call.object()?;
    let new = NewUpload {
        bucket: bucket.clone(),
        key: key.clone(),
        declared_type: call.header("content-type").map(str::to_owned),
        attached: attached(&call.parts.headers)?,
        access_key_id: Some(call.key.access_key_id.clone()),
    };
    let id = call.services.files.uploads.begin(&call.actor, new).await?;
    let mut answer = Answer::new("InitiateMultipartUploadResult");
    answer
        .put("Bucket", bucket.as_str())
        .put("Key", key.as_str())
        .put("UploadId", id.to_string());
    Ok(answer.send())
}

/// UploadPart.
pub(super) async fn put_part(call: Call) -> Result<Response> {
    let (id, bucket, key) = upload(&call)?;
    let number = call.query.number("partNumber", 0)?;
    let body = call.take_body()?;
    let uploads = &call.services.files.uploads;
    let part = uploads
        .put_part(&call.actor, (id, &bucket, &key), number, body)
        .await?;
    Ok(with_tag(&part.etag))
}

/// UploadPartCopy.
pub(super) async fn copy_part(call: Call) -> Result<Response> {
    let (id, bucket, key) = upload(&call)?;
    let number = call.query.number("partNumber", 0)?;
    let source = copy::open(&call, call.header("x-amz-copy-source-range")).await?;
    let uploads = &call.services.files.uploads;
    let part = uploads
        .put_part(&call.actor, (id, &bucket, &key), number, source.body)
        .await?;
    let mut answer = Answer::new("CopyPartResult");
    answer
        .put("LastModified", iso_millis(part.created_at))
        .put("ETag", format!("\"{}\"", part.etag));
    Ok(answer.send())
}

/// ListParts.
pub(super) async fn list(call: &Call) -> Result<Response> {
    let (id, bucket, key) = upload(call)?;
    let (limit, after) = (
        call.query.number("max-parts", 1000)?,
        call.query.number("part-number-marker", 0)?,
    );
    let limit = usize::try_from(limit).unwrap_or(1000).min(1000);
    let uploads = &call.services.files.uploads;
    let (parts, more) = uploads
        .parts(&call.actor, (id, &bucket, &key), after, limit)
        .await?;
    let mut answer = Answer::new("ListPartsResult");
    answer
        .put("Bucket", bucket.as_str())
        .put("Key", key.as_str())
        .put("UploadId", id.to_string());
    answer
        .put("PartNumberMarker", after.to_string())
        .put("MaxParts", limit.to_string());
    answer
        .put("IsTruncated", more.to_string())
        .put("StorageClass", "STANDARD");
    answer.put_some(
        "NextPartNumberMarker",
        parts.last().map(|last| last.number.to_string()),
    );
    for part in &parts {
        answer.nest("Part", |inner| {
            inner
                .put("PartNumber", part.number.to_string())
                .put("LastModified", iso_millis(part.created_at))
                .put("ETag", format!("\"{}\"", part.etag))
                .put("Size", part.size.to_string());
        });
    }
    Ok(answer.send())
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Completion {
    #[serde(default)]
    part: Vec<CompletedPart>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct CompletedPart {
    part_number: u32,
    #[serde(rename = "ETag")]
    etag: String,
}

/// CompleteMultipartUpload.
pub(super) async fn complete(call: Call) -> Result<Response> {
    let (id, bucket, key) = upload(&call)?;
    let completion: Completion = xml::read(&call.xml().await?)?;
    let named: Vec<NamedPart> = completion
        .part
        .into_iter()
        .map(|part| NamedPart {
            number: part.part_number,
            etag: part.etag.trim_matches('"').to_ascii_lowercase(),
        })
        .collect();
    let condition = condition(&call.parts.headers)?;
    let uploads = &call.services.files.uploads;
    let object = uploads
        .complete(&call.actor, (id, &bucket, &key), &named, condition)
        .await?;
    let mut answer = Answer::new("CompleteMultipartUploadResult");
    answer
        .put("Location", raw_path(&call.parts))
        .put("Bucket", bucket.as_str())
        .put("Key", key.as_str());
    answer.put("ETag", format!("\"{}\"", object.etag.unwrap_or_default()));
    Ok(answer.send())
}

/// AbortMultipartUpload.
pub(super) async fn call_off(call: &Call) -> Result<Response> {
    let (id, bucket, key) = upload(call)?;
    call.services
        .files
        .uploads
        .call_off(&call.actor, (id, &bucket, &key))
        .await?;
    Ok(empty(StatusCode::NO_CONTENT))
}

fn upload(call: &Call) -> Result<(Id, BucketName, ObjectKey)> {
    let (bucket, key) = call.object()?;
    let id = call.query.get("uploadId").unwrap_or_default();
    if call.query.has("partNumber") && call.query.get("partNumber") == Some("") {
        return Err(refusal("InvalidArgument", "partNumber must be from 1 to 10000"));
    }
    // What is no identifier of ours was never begun.
    let id = id.parse().map_err(|_| Error::not_found("upload"))?;
    Ok((id, bucket, key))
}
