//! `OPTIONS` on tables and functions: what may be done there.

use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::Response;
use busbar_data::RecordHeaders;
use busbar_kernel::Result;
use busbar_platform::{Ctx, Reply};
use http::{HeaderMap, HeaderValue, header};

use super::records::caller;
use crate::Services;
use crate::rest_errors::refusal;

/// The methods of a table.
pub(crate) async fn table(
    State(services): State<Services>,
    ctx: Ctx,
    Path(table): Path<String>,
    headers: HeaderMap,
) -> Reply<Response> {
    let allowed = services.data.records.allowed(&table, &schema(&headers)).await;
    Ok(answered(allowed, &ctx))
}

/// The methods of a function.
pub(crate) async fn function(
    State(services): State<Services>,
    ctx: Ctx,
    Path(function): Path<String>,
    headers: HeaderMap,
) -> Reply<Response> {
    let allowed = services
        .data
        .records
        .allowed_of_function(&function, &schema(&headers));
    Ok(answered(allowed.map(str::to_owned), &ctx))
}

/// The methods of the root.
pub(crate) async fn root() -> Response {
    with_allow("OPTIONS,GET,HEAD")
}

fn schema(headers: &HeaderMap) -> RecordHeaders<'_> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    RecordHeaders {
        accept_profile: text("accept-profile"),
        content_profile: text("content-profile"),
        ..RecordHeaders::default()
    }
}

fn answered(allowed: Result<String>, ctx: &Ctx) -> Response {
    match allowed {
        Ok(allowed) => with_allow(&allowed),
        Err(error) => refusal(error, caller(ctx.actor()).role),
    }
}

fn with_allow(allowed: &str) -> Response {
    let mut response = Response::new(Body::empty());
    if let Ok(value) = HeaderValue::from_str(allowed) {
        response.headers_mut().insert(header::ALLOW, value);
    }
    response
}
