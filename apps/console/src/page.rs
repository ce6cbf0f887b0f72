//! The embedded page: its files, its content security policy, and what is shown when it was not built.

use std::borrow::Cow;

use axum::extract::{Path, State};
use axum::response::{Html, IntoResponse, Response};
use busbar_kernel::{Error, Kind, random};
use busbar_platform::Failure;
use http::header;

use crate::Services;

/// Finds a file of the bundle by its path below the console: its bytes and content type.
pub type Bundle = fn(&str) -> Option<(Cow<'static, [u8]>, &'static str)>;

const PLACEHOLDER: &str = "__CSP_NONCE__";

const MISSING: &str = r#"<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Busbar</title></head><body>
<h1>The console is not built in</h1>
<p>Busbar runs, but this program was built without the console's pages. In the repository run
<code>make ui</code> and build again, or simply <code>make run</code>.</p>
</body></html>"#;

/// `GET /admin`
pub(crate) async fn index(State(services): State<Services>) -> Response {
    page(services.bundle)
}

/// `GET /admin/{path}`: a file of the bundle, else the page, whose router knows the path.
pub(crate) async fn file(State(services): State<Services>, Path(path): Path<String>) -> Response {
    match (services.bundle)(&path) {
        Some((bytes, content_type)) if path != "index.html" => {
            let cache = if path.starts_with("assets/") {
                "public, max-age=31536000, immutable"
            } else {
                "no-cache"
            };
            let headers = [
                (header::CONTENT_TYPE, content_type),
                (header::CACHE_CONTROL, cache),
            ];
            (headers, bytes.into_owned()).into_response()
        }
        None if path.starts_with("api/") || path.starts_with("assets/") => {
            let message = format!("There is nothing at /{path}");
            Failure::from(Error::new(Kind::NotFound, "request.path_unknown", message)).into_response()
        }
        _ => page(services.bundle),
    }
}

fn page(bundle: Bundle) -> Response {
    let nonce = random::hex(16);
    let html = bundle("index.html").map_or_else(
        || MISSING.to_owned(),
        |(bytes, _)| String::from_utf8_lossy(&bytes).replace(PLACEHOLDER, &nonce),
    );
    let policy = format!(
        "default-src 'self'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data: blob:; \
         frame-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    );
    let headers = [
        (header::CONTENT_SECURITY_POLICY, policy.as_str()),
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_FRAME_OPTIONS, "DENY"),
    ];
    (headers, Html(html)).into_response()
}
