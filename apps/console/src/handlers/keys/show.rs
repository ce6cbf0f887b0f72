//! `GET /api/keys`

use axum::Json;
use axum::extract::State;
use busbar_identity::keys::AccessKey;
use serde::Serialize;
use utoipa::ToSchema;

use crate::Services;

/// The public key, and enough of the API key to know it again.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Keys {
    anon_key: String,
    api_key_hint: String,
}

/// The keys.
pub(crate) async fn handle(State(services): State<Services>) -> Json<Keys> {
    let api_key = services.people.access_key(AccessKey::Api).expose();
    let end: String = api_key
        .chars()
        .rev()
        .take(4)
        .collect::<Vec<_>>()
        .into_iter()
        .rev()
        .collect();
    Json(Keys {
        anon_key: services.people.access_key(AccessKey::Anon).expose().to_owned(),
        api_key_hint: format!("{}…{end}", AccessKey::Api.prefix()),
    })
}
