//! `GET /api/health`

use axum::Json;
use axum::extract::State;
use busbar_kernel::clock::iso_millis;
use serde::Serialize;
use utoipa::ToSchema;

use crate::Services;

/// The server's state.
#[derive(Serialize, ToSchema)]
pub(crate) struct Health {
    /// Always `ok`: a server that is not does not answer.
    status: &'static str,
    version: &'static str,
    service: &'static str,
    /// ISO 8601 with milliseconds.
    timestamp: String,
}

/// Answers the server's state.
pub(crate) async fn handle(State(services): State<Services>) -> Json<Health> {
    let timestamp = iso_millis(services.clock.now());
    Json(Health {
        status: "ok",
        version: services.version,
        service: "Insforge OSS Backend",
        timestamp,
    })
}
