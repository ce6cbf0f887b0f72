//! CopyObject, and where a copy comes from.

use axum::response::Response;
use busbar_files::objects::{Attached, Download, Selection, Upload, Via, ViaS3};
use busbar_files::{BucketName, Object, ObjectKey};
use busbar_kernel::Result;
use busbar_kernel::clock::iso_millis;

use super::Call;
use super::read::{Plan, planned};
use super::write::{attached, condition};
use crate::gateway::query::decoded;
use crate::gateway::refusal;
use crate::gateway::xml::Answer;

/// Copies an object that is here to another key.
pub(super) async fn answer(call: Call) -> Result<Response> {
    let (bucket, key) = call.object()?;
    let source = open(&call, None).await?;
    let replaces = |name: &str| match call.header(name) {
        None | Some("COPY") => Ok(false),
        Some("REPLACE") => Ok(true),
        Some(_) => Err(refusal(
            "InvalidArgument",
            format!("{name} must be COPY or REPLACE"),
        )),
    };
    let told = attached(&call.parts.headers)?;
    let there = source.object.attached();
    let (anew, tags_anew) = (
        replaces("x-amz-metadata-directive")?,
        replaces("x-amz-tagging-directive")?,
    );
    let tags = if tags_anew {
        told.tags.clone()
    } else {
        there.tags.clone()
    };
    let kept = if anew { told } else { there };
    let declared = if anew {
        call.header("content-type").map(str::to_owned)
    } else {
        None
    };
    let upload = Upload {
        bucket,
        key,
        declared_type: declared.or(source.object.mime_type),
        declared_size: Some(source.object.size),
        via: Via::S3,
        s3: ViaS3 {
            access_key_id: Some(call.key.access_key_id.clone()),
            attached: Attached { tags, ..kept },
            etag: None,
            condition: condition(&call.parts.headers)?,
        },
        body: source.body,
    };
    let object = call.services.files.objects.upload(&call.actor, upload).await?;
    let mut answer = Answer::new("CopyObjectResult");
    answer.put("LastModified", iso_millis(object.uploaded_at));
    answer.put("ETag", format!("\"{}\"", object.etag.unwrap_or_default()));
    Ok(answer.send())
}

/// Opens the object that `x-amz-copy-source` names, or the range of it.
pub(super) async fn open(call: &Call, range: Option<&str>) -> Result<Download> {
    let (bucket, key) = source(call.header("x-amz-copy-source").unwrap_or_default())?;
    let headers = &call.parts.headers;
    let select = |object: &Object| {
        if planned(headers, "x-amz-copy-source-", object)? == Plan::NotModified {
            return Err(refusal(
                "PreconditionFailed",
                "The source does not meet the conditions",
            ));
        }
        let Some(range) = range else {
            return Ok(Selection::Whole);
        };
        let wrong = || {
            refusal(
                "InvalidArgument",
                "x-amz-copy-source-range must be of the form bytes=first-last",
            )
        };
        let (first, last) = range
            .strip_prefix("bytes=")
            .and_then(|range| range.split_once('-'))
            .ok_or_else(wrong)?;
        let (first, last): (u64, u64) = (
            first.parse().map_err(|_| wrong())?,
            last.parse().map_err(|_| wrong())?,
        );
        if first > last || last >= object.size {
            return Err(refusal(
                "InvalidArgument",
                "The range is not within the source object",
            ));
        }
        Ok(Selection::Part(first..last + 1))
    };
    call.services
        .files
        .objects
        .download(&call.actor, &bucket, &key, None, select)
        .await
}

/// `/bucket/key`, the slash before it optional, percent-encoded.
fn source(text: &str) -> Result<(BucketName, ObjectKey)> {
    let text = text.split_once("?versionId=").map_or(text, |(before, _)| before);
    let text = decoded(text)?;
    let text = text.strip_prefix('/').unwrap_or(&text);
    let (bucket, key) = text.split_once('/').ok_or_else(|| {
        refusal(
            "InvalidArgument",
            "x-amz-copy-source must be of the form /bucket/key",
        )
    })?;
    Ok((bucket.parse()?, key.parse()?))
}
