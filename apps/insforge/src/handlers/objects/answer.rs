//! An object as an HTTP answer: conditions, ranges, and headers that keep it from acting.

use std::ops::Range;

use axum::body::Body;
use axum::response::Response;
use busbar_files::Object;
use busbar_files::objects::{Download, Selection};
use busbar_files::rules::{FALLBACK, Part, is_active, requested_part};
use http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_RANGE,
    CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, HeaderName, IF_NONE_MATCH, IF_RANGE, LAST_MODIFIED, RANGE,
    X_CONTENT_TYPE_OPTIONS,
};
use http::request::Parts;
use http::{HeaderValue, Method, StatusCode};

use crate::address::component;

/// What the request's head asks for.
pub(super) struct Asked {
    head_only: bool,
    range: Option<String>,
    if_range: Option<String>,
    if_none_match: Option<String>,
}

/// What is to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Plan {
    Whole,
    HeadOnly,
    Part(Range<u64>),
    NotModified,
    Unsatisfiable,
}

impl Asked {
    pub(super) fn by(parts: &Parts) -> Self {
        let text = |name: HeaderName| Some(parts.headers.get(name)?.to_str().ok()?.to_owned());
        Self {
            head_only: parts.method == Method::HEAD,
            range: text(RANGE),
            if_range: text(IF_RANGE),
            if_none_match: text(IF_NONE_MATCH),
        }
    }

    pub(super) fn plan(&self, object: &Object) -> Plan {
        let tag = tag(object);
        let knows = |held: &str| {
            held.split(',')
                .map(str::trim)
                .any(|held| held == "*" || weak(held) == tag)
        };
        if self.if_none_match.as_deref().is_some_and(knows) {
            return Plan::NotModified;
        }
        if self.head_only {
            return Plan::HeadOnly;
        }
        // A part of another version would be joined to what the client holds of this one.
        let same = self.if_range.as_deref().is_none_or(|held| held.trim() == tag);
        let range = self.range.as_deref().filter(|_| same);
        match requested_part(range, object.size) {
            Part::Whole => Plan::Whole,
            Part::Bytes(range) => Plan::Part(range),
            Part::Unsatisfiable => Plan::Unsatisfiable,
        }
    }
}

impl Plan {
    pub(super) fn selection(&self) -> Selection {
        match self {
            Self::Whole => Selection::Whole,
            Self::Part(range) => Selection::Part(range.clone()),
            Self::HeadOnly | Self::NotModified | Self::Unsatisfiable => Selection::Nothing,
        }
    }
}

/// The answer to a download.
pub(super) fn answer(asked: &Asked, download: Download) -> Response {
    let Download {
        object, public, body, ..
    } = download;
    let size = object.size;
    let plan = asked.plan(&object);
    let (status, length, range) = match &plan {
        Plan::Whole | Plan::HeadOnly => (StatusCode::OK, Some(size), None),
        Plan::Part(part) => {
            let range = format!("bytes {}-{}/{size}", part.start, part.end - 1);
            (
                StatusCode::PARTIAL_CONTENT,
                Some(part.end - part.start),
                Some(range),
            )
        }
        Plan::NotModified => (StatusCode::NOT_MODIFIED, None, None),
        Plan::Unsatisfiable => (
            StatusCode::RANGE_NOT_SATISFIABLE,
            Some(0),
            Some(format!("bytes */{size}")),
        ),
    };
    let mut response = Response::new(Body::from_stream(body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    let mut tell = |name: HeaderName, value: String| {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(name, value);
        }
    };
    let mime_type = object.mime_type.as_deref().unwrap_or(FALLBACK);
    tell(ETAG, tag(&object));
    tell(
        LAST_MODIFIED,
        object.uploaded_at.format("%a, %d %b %Y %H:%M:%S GMT").to_string(),
    );
    tell(ACCEPT_RANGES, "bytes".to_owned());
    tell(
        CACHE_CONTROL,
        if public {
            "public, no-cache"
        } else {
            "private, no-store"
        }
        .to_owned(),
    );
    // People's files share the origin of the operator's pages: nothing in them may run or be guessed at.
    tell(CONTENT_SECURITY_POLICY, "sandbox".to_owned());
    tell(X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned());
    if plan != Plan::NotModified {
        tell(CONTENT_TYPE, mime_type.to_owned());
    }
    if is_active(mime_type) || mime_type == FALLBACK {
        let name = component(object.key.file_name());
        tell(
            CONTENT_DISPOSITION,
            format!("attachment; filename*=UTF-8''{name}"),
        );
    }
    if let Some(length) = length {
        tell(CONTENT_LENGTH, length.to_string());
    }
    if let Some(range) = range {
        tell(CONTENT_RANGE, range);
    }
    response
}

fn tag(object: &Object) -> String {
    let version = object.etag.clone();
    format!(
        "\"{}\"",
        version.unwrap_or_else(|| object.uploaded_at.timestamp_micros().to_string())
    )
}

/// `If-None-Match` compares weakly: a tag and its weak form are one.
fn weak(tag: &str) -> &str {
    tag.strip_prefix("W/").unwrap_or(tag)
}
