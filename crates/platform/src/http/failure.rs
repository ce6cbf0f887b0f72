//! An error on its way out: carried to the guard, which gives it the app's shape, once.

use std::sync::Arc;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use busbar_kernel::{Error, Kind};
use http::{HeaderValue, StatusCode, header};
use serde_json::json;

use crate::Seen;

/// What a handler answers: a view, or an error.
pub type Reply<T> = Result<T, Failure>;

/// How an app writes its errors. It must not show more than the error's client-facing parts.
pub type Shape = fn(&Error, &Seen) -> Response;

/// An error that a handler answers with; `?` makes it from `kernel::Error`.
#[derive(Debug)]
pub struct Failure(pub Arc<Error>);

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self(Arc::new(error))
    }
}

/// In a response's extensions: the error it stands for, not yet in a shape.
#[derive(Clone)]
pub(crate) struct Raised(pub(crate) Arc<Error>);

/// In a response's extensions: the error it was made from, for the access log.
#[derive(Clone)]
pub(crate) struct Reported(pub(crate) Arc<Error>);

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut response = status(self.0.kind()).into_response();
        response.extensions_mut().insert(Raised(self.0));
        response
    }
}

/// The status of a kind; shapes with a contract of their own may choose another.
pub fn status(kind: Kind) -> StatusCode {
    match kind {
        Kind::Invalid => StatusCode::BAD_REQUEST,
        Kind::Unauthenticated => StatusCode::UNAUTHORIZED,
        Kind::Forbidden => StatusCode::FORBIDDEN,
        Kind::NotFound => StatusCode::NOT_FOUND,
        Kind::Conflict => StatusCode::CONFLICT,
        Kind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Kind::RateLimited => StatusCode::TOO_MANY_REQUESTS,
        Kind::Unsupported => StatusCode::METHOD_NOT_ALLOWED,
        Kind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        Kind::Timeout => StatusCode::GATEWAY_TIMEOUT,
        Kind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// A JSON answer without white space.
pub fn json_response(status: StatusCode, value: &serde_json::Value) -> Response {
    let mut response = Response::new(Body::from(value.to_string()));
    *response.status_mut() = status;
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json; charset=utf-8"),
    );
    response
}

/// The platform's own shape: `{"error":{"code","message","field","requestId"}}`.
pub fn plain_shape(error: &Error, seen: &Seen) -> Response {
    let mut inner = json!({ "code": error.code_str(), "message": error.message() });
    for (name, value) in [
        ("field", error.field_str()),
        ("details", error.details_str()),
        ("hint", error.hint_str()),
    ] {
        if let Some(value) = value {
            inner[name] = value.into();
        }
    }
    inner["requestId"] = seen.request_id.as_str().into();
    json_response(status(error.kind()), &json!({ "error": inner }))
}

/// An answer that a handler shaped by itself, with the error it was made from for the log.
pub fn with_report(mut response: Response, error: Error) -> Response {
    response.extensions_mut().insert(Reported(Arc::new(error)));
    response
}

/// Gives a raised error its shape; other responses pass untouched.
pub(crate) fn give_shape(mut response: Response, shape: Shape, seen: &Seen) -> Response {
    let Some(Raised(error)) = response.extensions_mut().remove::<Raised>() else {
        return response;
    };
    let mut shaped = shape(&error, seen);
    if let Some(after) = error.retry_after_value() {
        shaped
            .headers_mut()
            .insert(header::RETRY_AFTER, HeaderValue::from(after.as_secs().max(1)));
    }
    for (name, value) in response.headers() {
        if name != header::CONTENT_LENGTH
            && name != header::CONTENT_TYPE
            && !shaped.headers().contains_key(name)
        {
            shaped.headers_mut().append(name, value.clone());
        }
    }
    shaped.extensions_mut().insert(Reported(error));
    shaped
}
