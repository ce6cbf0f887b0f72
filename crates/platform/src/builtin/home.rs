//! The root, which leads a browser on.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};

use super::Services;

/// `GET /`: to the operator's pages.
pub(crate) async fn show(State(services): State<Services>) -> Response {
    let home = services.home.unwrap_or_else(|| "/docs".to_owned());
    let text = format!("The operator's pages are at {home}, the API is described at /docs.\n");
    (StatusCode::FOUND, [(header::LOCATION, home)], text).into_response()
}
