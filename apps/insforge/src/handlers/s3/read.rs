//! GetObject and HeadObject: conditions, ranges, and headers that keep an object from acting.

use std::ops::Range;

use axum::body::Body;
use axum::response::Response;
use busbar_files::Object;
use busbar_files::objects::Selection;
use busbar_files::rules::{FALLBACK, Part, is_active, requested_part};
use busbar_kernel::{Result, Timestamp};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};

use super::Call;
use crate::gateway::refusal;

/// What is to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Plan {
    Whole,
    Part(Range<u64>),
    NotModified,
}

/// Answers an object, a part of it, or only its head.
pub(super) async fn answer(call: &Call) -> Result<Response> {
    let (bucket, key) = call.object()?;
    let headers = &call.parts.headers;
    let head_only = call.parts.method == Method::HEAD;
    let select = |object: &Object| {
        Ok(match planned(headers, "", object)? {
            _ if head_only => Selection::Nothing,
            Plan::Whole => Selection::Whole,
            Plan::Part(range) => Selection::Part(range),
            Plan::NotModified => Selection::Nothing,
        })
    };
    let objects = &call.services.files.objects;
    let download = objects.download(&call.actor, &bucket, &key, None, select).await?;
    let plan = planned(headers, "", &download.object)?;
    let mut response = Response::new(Body::from_stream(download.body));
    tell(&mut response, call, &download.object, &plan);
    Ok(response)
}

/// What the conditions in `headers`, their names after `prefix`, say of this version.
pub(super) fn planned(headers: &HeaderMap, prefix: &str, object: &Object) -> Result<Plan> {
    let header = |name: &str| headers.get(format!("{prefix}{name}"))?.to_str().ok();
    let tag = object.etag.as_deref().unwrap_or_default();
    let names = |held: &str| {
        held.split(',')
            .map(|held| held.trim().trim_start_matches("W/").trim_matches('"'))
            .any(|held| held == "*" || held == tag)
    };
    let stored = object.uploaded_at.timestamp();
    let failed = || {
        refusal(
            "PreconditionFailed",
            "At least one of the pre-conditions you specified did not hold",
        )
    };
    match (header("if-match"), header("if-unmodified-since").and_then(moment)) {
        (Some(held), _) if !names(held) => return Err(failed()),
        (None, Some(since)) if stored > since.timestamp() => return Err(failed()),
        _ => {}
    }
    match (
        header("if-none-match"),
        header("if-modified-since").and_then(moment),
    ) {
        (Some(held), _) if names(held) => return Ok(Plan::NotModified),
        (None, Some(since)) if stored <= since.timestamp() => return Ok(Plan::NotModified),
        _ => {}
    }
    match requested_part(header("range"), object.size) {
        Part::Whole => Ok(Plan::Whole),
        Part::Bytes(range) => Ok(Plan::Part(range)),
        Part::Unsatisfiable => Err(refusal("InvalidRange", "The requested range is not satisfiable")),
    }
}

fn moment(text: &str) -> Option<Timestamp> {
    chrono::DateTime::parse_from_rfc2822(text)
        .ok()
        .map(|moment| moment.to_utc())
}

fn tell(response: &mut Response, call: &Call, object: &Object, plan: &Plan) {
    let (status, length) = match plan {
        Plan::Whole => (StatusCode::OK, Some(object.size)),
        Plan::Part(part) => (StatusCode::PARTIAL_CONTENT, Some(part.end - part.start)),
        Plan::NotModified => (StatusCode::NOT_MODIFIED, None),
    };
    *response.status_mut() = status;
    let headers = response.headers_mut();
    let mut set = |name: &str, value: &str| {
        if let (Ok(name), Ok(value)) = (
            name.parse::<HeaderName>(),
            HeaderValue::from_bytes(value.as_bytes()),
        ) {
            headers.insert(name, value);
        }
    };
    let attached = object.attached();
    for (name, value) in &attached.headers {
        set(name, value);
    }
    for (name, value) in &attached.metadata {
        set(&format!("x-amz-meta-{name}"), value);
    }
    if !attached.tags.is_empty() {
        set("x-amz-tagging-count", &attached.tags.len().to_string());
    }
    let mime_type = object.mime_type.as_deref().unwrap_or(FALLBACK);
    set("content-type", mime_type);
    for (parameter, name) in [
        ("response-cache-control", "cache-control"),
        ("response-content-disposition", "content-disposition"),
        ("response-content-encoding", "content-encoding"),
        ("response-content-language", "content-language"),
        ("response-expires", "expires"),
    ] {
        if let Some(value) = call.query.get(parameter) {
            set(name, value);
        }
    }
    // A link may call an object what it likes, but not something that a browser would run here.
    if let Some(wanted) = call
        .query
        .get("response-content-type")
        .filter(|wanted| !is_active(wanted))
    {
        set("content-type", wanted);
    }
    set("content-security-policy", "sandbox");
    set("x-content-type-options", "nosniff");
    set("accept-ranges", "bytes");
    set(
        "etag",
        &format!("\"{}\"", object.etag.as_deref().unwrap_or_default()),
    );
    set(
        "last-modified",
        &object.uploaded_at.format("%a, %d %b %Y %H:%M:%S GMT").to_string(),
    );
    if let Some(length) = length {
        set("content-length", &length.to_string());
    }
    if let Plan::Part(part) = plan {
        set(
            "content-range",
            &format!("bytes {}-{}/{}", part.start, part.end - 1, object.size),
        );
    }
}
