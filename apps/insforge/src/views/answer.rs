//! A view as an answer: compact JSON, its charset named, never kept by anybody between.

use axum::response::{IntoResponse, Response};
use busbar_kernel::Error;
use busbar_platform::Failure;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use serde::Serialize;

/// 200 with a view.
pub(crate) struct Answer<T>(pub(crate) T);

impl<T: Serialize> IntoResponse for Answer<T> {
    fn into_response(self) -> Response {
        match serde_json::to_vec(&self.0) {
            Ok(body) => {
                let headers = [
                    (CONTENT_TYPE, "application/json; charset=utf-8"),
                    (CACHE_CONTROL, "no-store"),
                ];
                (headers, body).into_response()
            }
            Err(error) => Failure::from(Error::internal("a view is no JSON").source(error)).into_response(),
        }
    }
}
