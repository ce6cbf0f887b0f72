//! The API reference in the browser, without the internet.

use std::borrow::Cow;

use axum::extract::{Path, State};
use axum::response::{Html, IntoResponse, Response};
use busbar_kernel::Error;
use http::header;

use super::Services;
use crate::{Failure, Reply};

/// Finds a file of the reference by its plain name: its bytes and content type.
pub type Files = fn(&str) -> Option<(Cow<'static, [u8]>, &'static str)>;

const DOCS: &str = r#"<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Busbar API</title>
<link rel="stylesheet" href="/reference/swagger-ui.css"></head><body><div id="swagger-ui"></div>
<script src="/reference/swagger-ui-bundle.js"></script><script src="/reference/docs.js"></script></body></html>"#;

const REDOC: &str = r#"<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Busbar API</title></head>
<body><redoc spec-url="/openapi.json"></redoc><script src="/reference/redoc.standalone.js"></script></body></html>"#;

const MISSING: &str = r#"<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Busbar API</title></head>
<body><h1>The API reference is not built in</h1><p>Run <code>make ui</code> and build again. The document itself is at
<a href="/openapi.json">/openapi.json</a>.</p></body></html>"#;

/// `GET /docs`
pub(crate) async fn docs(State(services): State<Services>) -> Html<&'static str> {
    Html(if (services.reference)("swagger-ui-bundle.js").is_some() {
        DOCS
    } else {
        MISSING
    })
}

/// `GET /redoc`
pub(crate) async fn redoc(State(services): State<Services>) -> Html<&'static str> {
    Html(if (services.reference)("redoc.standalone.js").is_some() {
        REDOC
    } else {
        MISSING
    })
}

/// `GET /reference/{file}`
pub(crate) async fn file(State(services): State<Services>, Path(name): Path<String>) -> Reply<Response> {
    let (bytes, content_type) =
        (services.reference)(&name).ok_or_else(|| Failure::from(Error::not_found("file")))?;
    let headers = [
        (header::CONTENT_TYPE, content_type),
        (header::CACHE_CONTROL, "public, max-age=86400"),
    ];
    Ok((headers, bytes.into_owned()).into_response())
}
