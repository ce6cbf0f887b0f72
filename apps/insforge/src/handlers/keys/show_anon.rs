//! `POST /api/auth/tokens/anon`

use axum::extract::State;
use busbar_identity::keys::AccessKey;
use serde::Serialize;
use utoipa::ToSchema;

use crate::Services;
use crate::views::Answer;

/// The key where older clients expect a token.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = AnonKey)]
pub(crate) struct Told {
    access_token: String,
    message: &'static str,
}

/// Tells the public key of anonymous callers; older clients ask for it here.
pub(crate) async fn handle(State(services): State<Services>) -> Answer<Told> {
    let key = services.people.access_key(AccessKey::Anon);
    Answer(Told {
        access_token: key.expose().to_owned(),
        message: "Anonymous access uses the anon key; it does not expire",
    })
}
