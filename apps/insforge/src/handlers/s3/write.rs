//! PutObject, and what its headers attach.

use std::collections::BTreeMap;

use axum::response::Response;
use busbar_files::objects::{Attached, Condition, Upload, Via, ViaS3};
use busbar_kernel::Result;
use http::{HeaderMap, HeaderValue, StatusCode, header};

use super::Call;
use crate::gateway::xml::empty;
use crate::gateway::{Pairs, refusal};

/// Headers that come back as they were.
const KEPT: [&str; 5] = [
    "cache-control",
    "content-disposition",
    "content-encoding",
    "content-language",
    "expires",
];

/// Stores an object.
pub(super) async fn answer(call: Call) -> Result<Response> {
    let (bucket, key) = call.object()?;
    let upload = Upload {
        bucket,
        key,
        declared_type: call.header("content-type").map(str::to_owned),
        declared_size: announced(&call),
        via: Via::S3,
        s3: ViaS3 {
            access_key_id: Some(call.key.access_key_id.clone()),
            attached: attached(&call.parts.headers)?,
            etag: None,
            condition: condition(&call.parts.headers)?,
        },
        body: call.take_body()?,
    };
    let object = call.services.files.objects.upload(&call.actor, upload).await?;
    Ok(with_tag(object.etag.as_deref().unwrap_or_default()))
}

/// How many bytes the client means to send.
fn announced(call: &Call) -> Option<u64> {
    let decoded = call.header("x-amz-decoded-content-length");
    decoded.or_else(|| call.header("content-length"))?.parse().ok()
}

/// An answer that only names an entity tag.
pub(super) fn with_tag(etag: &str) -> Response {
    let mut answer = empty(StatusCode::OK);
    if let Ok(tag) = HeaderValue::from_str(&format!("\"{etag}\"")) {
        answer.headers_mut().insert(header::ETAG, tag);
    }
    answer
}

/// What must hold of the object that is there.
pub(super) fn condition(headers: &HeaderMap) -> Result<Condition> {
    let text = |name: header::HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    match (text(header::IF_NONE_MATCH), text(header::IF_MATCH)) {
        (None, None) => Ok(Condition::None),
        (Some("*"), None) => Ok(Condition::Absent),
        (None, Some(tag)) => Ok(Condition::Tag(tag.trim_matches('"').to_owned())),
        _ => Err(refusal(
            "NotImplemented",
            "Of conditions on writing, If-None-Match: * and If-Match with a tag are supported",
        )),
    }
}

/// The headers and tags that come back with an object.
pub(super) fn attached(headers: &HeaderMap) -> Result<Attached> {
    let mut attached = Attached::default();
    for (name, value) in headers {
        let (name, value) = (
            name.as_str(),
            String::from_utf8_lossy(value.as_bytes()).into_owned(),
        );
        if let Some(name) = name.strip_prefix("x-amz-meta-") {
            attached.metadata.insert(name.to_owned(), value);
        } else if name == "content-encoding" {
            // The form in which the body travelled is not part of what it is.
            let parts = value
                .split(',')
                .map(str::trim)
                .filter(|part| !part.is_empty() && *part != "aws-chunked");
            let rest = parts.collect::<Vec<_>>().join(",");
            if !rest.is_empty() {
                attached.headers.insert(name.to_owned(), rest);
            }
        } else if KEPT.contains(&name) {
            attached.headers.insert(name.to_owned(), value);
        } else if name == "x-amz-tagging" {
            attached.tags = tags(&value)?;
        }
    }
    attached.check()?;
    Ok(attached)
}

/// Tags as a header or a form has them: like a query.
fn tags(text: &str) -> Result<BTreeMap<String, String>> {
    let pairs = Pairs::of(Some(&text.replace('+', "%20")))?;
    let pairs = pairs.without("");
    Ok(pairs
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect())
}
