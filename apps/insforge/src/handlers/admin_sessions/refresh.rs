//! `POST /api/auth/admin/refresh`

use axum::extract::State;
use axum::response::Response;
use busbar_identity::sessions::{Refreshed, SessionKind};
use busbar_platform::Reply;

use super::super::sessions::refresh::{missing, refuse};
use crate::Services;
use crate::cookies::Client;
use crate::views::session::AdminSessionView;

/// Exchanges the operator's refresh token: always a cookie with its CSRF value.
pub(crate) async fn handle(State(services): State<Services>, client: Client) -> Reply<Response> {
    let refreshed = match client.cookie(SessionKind::Admin) {
        Some(token) => {
            let people = &services.people;
            people.refresh(SessionKind::Admin, &token, client.csrf()).await
        }
        None => Err(missing()),
    };
    match refreshed {
        Ok(Refreshed::Operator(name, tokens)) => AdminSessionView::answer(&services, &client, &name, &tokens),
        Ok(Refreshed::User(..)) => Err(missing().into()),
        Err(error) => refuse(&client, SessionKind::Admin, error),
    }
}
