//! `GET /.well-known/jwks.json`

use axum::extract::State;
use serde_json::Value;

use crate::Services;
use crate::views::Answer;

/// Shows the public keys, for those who check tokens themselves.
pub(crate) async fn handle(State(services): State<Services>) -> Answer<Value> {
    Answer(services.people.published_keys().clone())
}
