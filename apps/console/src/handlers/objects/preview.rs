//! `GET /api/buckets/{bucket}/preview/{key}`

use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use busbar_files::Object;
use busbar_files::objects::Selection;
use busbar_files::rules::{FALLBACK, Part, requested_part};
use busbar_kernel::{Error, Kind};
use busbar_platform::{Ctx, Reply};
use http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_SECURITY_POLICY, CONTENT_TYPE,
    RANGE, X_FRAME_OPTIONS,
};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

use crate::Services;

/// Nothing in it runs, loads or is framed elsewhere.
const LOCKED: &str = "sandbox; default-src 'none'; frame-ancestors 'self'";
/// A browser shows no document in a locked frame; its own viewer is another origin and reaches nothing here.
const DOCUMENT: &str =
    "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'";

/// The bytes or a part of them, to be shown in the page: pictures, sounds, films and documents, and nothing else.
pub(crate) async fn handle(
    State(services): State<Services>,
    ctx: Ctx,
    Path((bucket, key)): Path<(String, String)>,
    headers: HeaderMap,
) -> Reply<Response> {
    let (bucket, key) = (bucket.parse()?, key.parse()?);
    let range = headers.get(RANGE).and_then(|value| value.to_str().ok());
    let select = |object: &Object| -> busbar_kernel::Result<Selection> {
        shown_as(object)?;
        Ok(match requested_part(range, object.size) {
            Part::Whole => Selection::Whole,
            Part::Bytes(range) => Selection::Part(range),
            Part::Unsatisfiable => Selection::Nothing,
        })
    };
    let files = &services.files;
    let download = files
        .objects
        .download(ctx.actor(), &bucket, &key, None, select)
        .await?;
    let object = &download.object;
    let size = object.size;
    let (status, length, part) = match requested_part(range, size) {
        Part::Whole => (StatusCode::OK, size, None),
        Part::Bytes(range) => {
            let part = format!("bytes {}-{}/{size}", range.start, range.end - 1);
            (StatusCode::PARTIAL_CONTENT, range.end - range.start, Some(part))
        }
        Part::Unsatisfiable => (
            StatusCode::RANGE_NOT_SATISFIABLE,
            0,
            Some(format!("bytes */{size}")),
        ),
    };
    let kind = shown_as(object)?;
    let policy = if kind == "application/pdf" {
        DOCUMENT
    } else {
        LOCKED
    };
    let mut told: Vec<(HeaderName, String)> = vec![
        (CONTENT_LENGTH, length.to_string()),
        (CONTENT_SECURITY_POLICY, policy.to_owned()),
        (X_FRAME_OPTIONS, "SAMEORIGIN".to_owned()),
        (ACCEPT_RANGES, "bytes".to_owned()),
        (CACHE_CONTROL, "private, no-store".to_owned()),
        (CONTENT_TYPE, kind),
    ];
    told.extend(part.map(|part| (CONTENT_RANGE, part)));
    let mut response = (status, Body::from_stream(download.body)).into_response();
    for (name, value) in told {
        let value =
            HeaderValue::try_from(value).map_err(|error| Error::internal("a header").source(error))?;
        response.headers_mut().insert(name, value);
    }
    Ok(response)
}

/// The type under which an object may be shown.
///
/// # Errors
/// `console.no_preview` for what is no picture, sound, film or document.
fn shown_as(object: &Object) -> Result<String, Error> {
    let kind = object.mime_type.as_deref().unwrap_or(FALLBACK);
    let essence = kind
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    let shown = ["image/", "audio/", "video/"]
        .iter()
        .any(|family| essence.starts_with(family));
    if (shown && !essence.contains("xml")) || essence == "application/pdf" {
        return Ok(essence);
    }
    Err(Error::new(
        Kind::Unsupported,
        "console.no_preview",
        "Files of this type are not shown, only downloaded",
    ))
}
