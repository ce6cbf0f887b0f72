//! Which origins a browser may call from, and how it is told.

use axum::body::Body;
use axum::response::Response;
use http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE,
    ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, ORIGIN, VARY,
};
use http::{HeaderMap, HeaderValue, Method, StatusCode};

/// The headers a page may read: those of the record API, the request id and the limits.
const EXPOSED: &str = "Content-Range,Preference-Applied,Content-Location,Location,Retry-After,X-Request-Id,\
                       Content-Encoding,Content-Type,Date,Server,Transfer-Encoding,Range-Unit,Content-Profile,Proxy-Status";

/// The list in force.
#[derive(Clone, Debug)]
pub(crate) struct Cors {
    /// Any origin: development without a list.
    pub(crate) any: bool,
    pub(crate) origins: Vec<String>,
}

impl Cors {
    /// The caller's origin, when it may call.
    pub(crate) fn allowed(&self, headers: &HeaderMap) -> Option<HeaderValue> {
        let origin = headers.get(ORIGIN)?;
        let listed = || {
            let text = origin.to_str().unwrap_or_default();
            self.origins
                .iter()
                .any(|candidate| candidate.trim_end_matches('/').eq_ignore_ascii_case(text))
        };
        (self.any || listed()).then(|| origin.clone())
    }
}

/// Whether this is a browser's question before the real request.
pub(crate) fn is_preflight(method: &Method, headers: &HeaderMap) -> bool {
    method == Method::OPTIONS
        && headers.contains_key(ORIGIN)
        && headers.contains_key(ACCESS_CONTROL_REQUEST_METHOD)
}

/// The answer to that question.
pub(crate) fn preflight(request: &HeaderMap, origin: Option<HeaderValue>) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    if origin.is_some() {
        let headers = response.headers_mut();
        headers.insert(
            ACCESS_CONTROL_ALLOW_METHODS,
            HeaderValue::from_static("GET,HEAD,PUT,PATCH,POST,DELETE"),
        );
        headers.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("86400"));
        if let Some(asked) = request.get(ACCESS_CONTROL_REQUEST_HEADERS) {
            headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, asked.clone());
        }
    }
    tell(&mut response, origin);
    response
}

/// Writes the origin's permission into an answer.
pub(crate) fn tell(response: &mut Response, origin: Option<HeaderValue>) {
    let headers = response.headers_mut();
    headers.append(VARY, HeaderValue::from_static("Origin"));
    if let Some(origin) = origin {
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
        headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(EXPOSED));
    }
}
