//! `POST /api/keys/api-key/reveal`

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use busbar_identity::keys::AccessKey;
use busbar_platform::Ctx;
use http::header::CACHE_CONTROL;
use serde::Serialize;
use utoipa::ToSchema;

use crate::Services;

/// The API key.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ApiKey {
    api_key: String,
}

/// The API key itself; that it was shown is logged.
pub(crate) async fn handle(State(services): State<Services>, ctx: Ctx) -> impl IntoResponse {
    tracing::info!(operator = ctx.actor().log_name(), "the API key was shown");
    let api_key = services.people.access_key(AccessKey::Api).expose().to_owned();
    ([(CACHE_CONTROL, "no-store")], Json(ApiKey { api_key }))
}
