//! The file of a multipart form, as a stream that is read while it arrives.

use axum::extract::{FromRequest, Request};
use busbar_kernel::Error;
use bytes::Bytes;
use futures_util::stream::{BoxStream, StreamExt, TryStreamExt};
use http::header;
use multer::Multipart;

use super::input::body_error;
use crate::Failure;

/// The form field that carries the file.
pub(super) const FIELD: &str = "file";

/// The first field `file` of a `multipart/form-data` body; fields before it are passed over.
pub struct Upload {
    /// The name the client gives the file, as it gives it: never a path of ours.
    pub file_name: Option<String>,
    /// The type the client claims.
    pub content_type: Option<String>,
    /// The bytes; an error when the body ends early or grows above the route's limit.
    pub body: BoxStream<'static, Result<Bytes, Error>>,
}

impl<S: Send + Sync> FromRequest<S> for Upload {
    type Rejection = Failure;

    async fn from_request(request: Request, _state: &S) -> Result<Self, Failure> {
        let mut form = multipart(request)?;
        while let Some(field) = form.next_field().await.map_err(form_error)? {
            if field.name() == Some(FIELD) {
                return Ok(Self {
                    file_name: field.file_name().map(str::to_owned),
                    content_type: field.content_type().map(ToString::to_string),
                    body: field.map_err(form_error).boxed(),
                });
            }
        }
        Err(no_file().into())
    }
}

/// The parts of a request that is a form.
pub(super) fn multipart(request: Request) -> Result<Multipart<'static>, Error> {
    let content_type = request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let boundary = content_type
        .and_then(|text| multer::parse_boundary(text).ok())
        .ok_or_else(|| {
            Error::invalid("content-type", "A file is sent as multipart/form-data").code("input.not_a_form")
        })?;
    Ok(Multipart::new(request.into_body().into_data_stream(), boundary))
}

pub(super) fn no_file() -> Error {
    Error::invalid(FIELD, "The form has no field \"file\"").code("input.no_file")
}

pub(super) fn form_error(error: multer::Error) -> Error {
    match error {
        multer::Error::StreamReadFailed(source) => body_error(axum::Error::new(source)),
        other => Error::invalid(FIELD, "The form is not well formed")
            .code("input.not_a_form")
            .source(other),
    }
}
