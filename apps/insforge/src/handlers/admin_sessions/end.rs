//! `POST /api/auth/admin/logout`

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use busbar_identity::sessions::SessionKind;
use busbar_platform::Reply;

use super::super::sessions::end::signed_out;
use crate::Services;
use crate::cookies::Client;
use crate::views::Answer;

/// Signs the operator out, by the cookie with its CSRF value.
pub(crate) async fn handle(State(services): State<Services>, client: Client) -> Reply<Response> {
    if let Some(token) = client.cookie(SessionKind::Admin) {
        let people = &services.people;
        people.sign_out(SessionKind::Admin, &token, client.csrf()).await?;
    }
    let mut response = Answer(signed_out()).into_response();
    client.clear(&mut response, SessionKind::Admin)?;
    Ok(response)
}
