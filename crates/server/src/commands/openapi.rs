//! `busbar openapi`: the document, without a listener.

use std::process::ExitCode;

use axum::body::Body;
use axum::extract::Request;
use tower::ServiceExt;

use super::output::{say, say_problems};
use crate::compose::{self, Surroundings};
use crate::environment;

/// Prints the document of the apps that run.
pub(super) async fn run() -> ExitCode {
    let settings = match environment::settings() {
        Ok(settings) => settings,
        Err(problems) => {
            say_problems(&problems);
            return ExitCode::FAILURE;
        }
    };
    match compose::compose(settings, Surroundings::bare()).await {
        Ok(busbar) => {
            let mut request = Request::new(Body::empty());
            *request.uri_mut() = axum::http::Uri::from_static("/openapi.json");
            let Ok(response) = busbar.composition.router.oneshot(request).await;
            let bytes = axum::body::to_bytes(response.into_body(), usize::MAX)
                .await
                .unwrap_or_default();
            say(&String::from_utf8_lossy(&bytes));
            ExitCode::SUCCESS
        }
        Err(error) => {
            say(&format!("Busbar cannot be opened: {}", error.operator_line()));
            ExitCode::FAILURE
        }
    }
}
