//! The file of a multipart form, as a stream that is read while it arrives.

use std::sync::{Arc, Mutex, PoisonError};
use std::task::Context;
use std::time::Duration;

use axum::extract::{FromRequest, Request};
use busbar_kernel::Error;
use bytes::Bytes;
use futures_util::stream::{self, BoxStream, Stream, StreamExt, TryStreamExt};
use http::header;
use multer::Multipart;

use super::input::body_error;
use crate::Failure;

/// The form field that carries the file.
const FIELD: &str = "file";

/// The first field `file` of a `multipart/form-data` body; fields before it are passed over.
pub struct Upload {
    /// The name the client gives the file, as it gives it: never a path of ours.
    pub file_name: Option<String>,
    /// The type the client claims.
    pub content_type: Option<String>,
    /// The bytes; an error when the body ends early or grows above the route's limit.
    pub body: BoxStream<'static, Result<Bytes, Error>>,
}

type Body = BoxStream<'static, Result<Bytes, Error>>;

/// What a refused upload has not read of its body.
pub struct Unread(Arc<Mutex<Body>>);

impl Upload {
    /// The upload, and a hold on its body for [`Unread::pass_over`].
    pub fn held(mut self) -> (Self, Unread) {
        let shared = Arc::new(Mutex::new(self.body));
        self.body = reading(Arc::clone(&shared)).boxed();
        (self, Unread(shared))
    }
}

impl Unread {
    /// Reads on to the body's end, because most clients listen for the answer only after they have sent
    /// everything; at most 64 MB and ten seconds.
    pub async fn pass_over(self) {
        let mut left = 64 * 1024 * 1024usize;
        let reading = reading(self.0)
            .take_while(move |chunk| {
                let length = chunk.as_ref().map_or(usize::MAX, Bytes::len);
                let goes_on = length <= left;
                left = left.saturating_sub(length);
                std::future::ready(goes_on)
            })
            .for_each(|_| std::future::ready(()));
        // Whoever is slower than that finds the connection closed.
        let _ = tokio::time::timeout(Duration::from_secs(10), reading).await;
    }
}

fn reading(body: Arc<Mutex<Body>>) -> impl Stream<Item = Result<Bytes, Error>> + Send + 'static {
    stream::poll_fn(move |context: &mut Context<'_>| {
        body.lock()
            .unwrap_or_else(PoisonError::into_inner)
            .poll_next_unpin(context)
    })
}

impl<S: Send + Sync> FromRequest<S> for Upload {
    type Rejection = Failure;

    async fn from_request(request: Request, _state: &S) -> Result<Self, Failure> {
        let content_type = request
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok());
        let boundary = content_type
            .and_then(|text| multer::parse_boundary(text).ok())
            .ok_or_else(|| {
                Error::invalid("content-type", "A file is sent as multipart/form-data")
                    .code("input.not_a_form")
            })?;
        let mut form = Multipart::new(request.into_body().into_data_stream(), boundary);
        while let Some(field) = form.next_field().await.map_err(form_error)? {
            if field.name() == Some(FIELD) {
                return Ok(Self {
                    file_name: field.file_name().map(str::to_owned),
                    content_type: field.content_type().map(ToString::to_string),
                    body: field.map_err(form_error).boxed(),
                });
            }
        }
        Err(Error::invalid(FIELD, "The form has no field \"file\"")
            .code("input.no_file")
            .into())
    }
}

fn form_error(error: multer::Error) -> Error {
    match error {
        multer::Error::StreamReadFailed(source) => body_error(axum::Error::new(source)),
        other => Error::invalid(FIELD, "The form is not well formed")
            .code("input.not_a_form")
            .source(other),
    }
}
