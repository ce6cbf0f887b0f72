//! `POST /api/auth/refresh`

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use busbar_identity::codes;
use busbar_identity::sessions::{Csrf, Refreshed, SessionKind};
use busbar_kernel::{Error, Kind, Result, Secret};
use busbar_platform::{Failure, Input, Reply};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::Services;
use crate::cookies::{Client, Keeping};
use crate::views::session::SessionView;

/// The refresh token of callers who do not keep it in a cookie; either spelling.
#[derive(Deserialize, ToSchema)]
#[schema(as = RefreshRequest)]
pub(crate) struct Body {
    #[serde(rename = "refreshToken")]
    #[schema(value_type = Option<String>)]
    camel: Option<Secret>,
    #[serde(rename = "refresh_token")]
    #[schema(value_type = Option<String>)]
    snake: Option<Secret>,
}

impl Body {
    pub(super) fn token(self) -> Option<Secret> {
        self.camel.or(self.snake).filter(|token| !token.is_empty())
    }
}

/// Exchanges a refresh token: from the cookie with its CSRF value, or from the body.
pub(crate) async fn handle(
    State(services): State<Services>,
    client: Client,
    Input(body): Input<Body>,
) -> Reply<Response> {
    let (token, csrf) = match client.keeping {
        Keeping::Cookie => (client.cookie(SessionKind::User), client.csrf()),
        Keeping::Body => {
            let token = body.token();
            let token = token.ok_or_else(|| Error::invalid("refreshToken", "Required"))?;
            (Some(token), Csrf::NotNeeded)
        }
    };
    match exchange(&services, token, csrf).await {
        Ok(Refreshed::User(user, tokens)) => SessionView::answer(&services, &client, *user, &tokens),
        Ok(Refreshed::Operator(..)) => Err(missing().into()),
        Err(error) => refuse(&client, SessionKind::User, error),
    }
}

async fn exchange(services: &Services, token: Option<Secret>, csrf: Csrf<'_>) -> Result<Refreshed> {
    let token = token.ok_or_else(missing)?;
    services.people.refresh(SessionKind::User, &token, csrf).await
}

/// The error for a caller that shows no refresh token.
pub(crate) fn missing() -> Error {
    Error::unauthenticated(codes::REFRESH_INVALID, "No refresh token provided")
}

/// Refuses, and takes a cookie away that will never be good again.
pub(crate) fn refuse(client: &Client, kind: SessionKind, error: Error) -> Reply<Response> {
    let is_over = error.kind() == Kind::Unauthenticated;
    let mut response = Failure::from(error).into_response();
    if is_over && client.keeping == Keeping::Cookie {
        client.clear(&mut response, kind)?;
    }
    Ok(response)
}
