//! Whether Busbar works, in a form that names no detail.

use async_trait::async_trait;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use busbar_kernel::Error;
use http::{StatusCode, header};
use serde_json::{Value, json};

use super::Services;
use crate::http::failure::json_response;
use crate::{Failure, Reply};

/// One thing that was looked at.
#[derive(Clone, Debug)]
pub struct Finding {
    /// `database`, `cache`, `storage` …
    pub name: &'static str,
    /// Whether it answers.
    pub up: bool,
}

/// Looks at everything that is configured.
#[async_trait]
pub trait HealthSource: Send + Sync + 'static {
    /// What was found, each within three seconds.
    async fn findings(&self) -> Vec<Finding>;
    /// The fields that `/health` shows besides its status.
    fn facts(&self) -> Value {
        json!({})
    }
    /// Whether the process is on its way out, so that a balancer sends nothing more.
    fn draining(&self) -> bool {
        false
    }
}

/// `GET /health/live`: a constant, as long as the process answers at all.
pub(crate) async fn live() -> Response {
    (
        [(header::CONTENT_TYPE, "application/json; charset=utf-8")],
        r#"{"status":"ok"}"#,
    )
        .into_response()
}

/// `GET /health`: the status and public facts.
pub(crate) async fn show(State(services): State<Services>) -> Response {
    let up = services.health.findings().await.iter().all(|finding| finding.up);
    let mut body = services.health.facts();
    body["status"] = if up { "ok" } else { "degraded" }.into();
    json_response(StatusCode::OK, &body)
}

/// `GET /health/ready`: 503 naming what is down.
pub(crate) async fn ready(State(services): State<Services>) -> Response {
    if services.health.draining() {
        return json_response(StatusCode::SERVICE_UNAVAILABLE, &json!({ "status": "draining" }));
    }
    let findings = services.health.findings().await;
    let word = |up: bool| if up { "up" } else { "down" };
    let checks: serde_json::Map<_, _> = findings
        .iter()
        .map(|finding| (finding.name.to_owned(), word(finding.up).into()))
        .collect();
    let up = findings.iter().all(|finding| finding.up);
    let status = if up {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    json_response(
        status,
        &json!({ "status": if up { "ok" } else { "unavailable" }, "checks": checks }),
    )
}

/// `GET /metrics`: Prometheus' text format.
pub(crate) async fn metrics(State(services): State<Services>) -> Reply<Response> {
    let render = services
        .metrics
        .ok_or_else(|| Failure::from(Error::not_found("metrics")))?;
    Ok((
        [(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")],
        render(),
    )
        .into_response())
}
