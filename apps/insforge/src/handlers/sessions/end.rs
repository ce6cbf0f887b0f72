//! `POST /api/auth/logout`

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use busbar_identity::sessions::{Csrf, SessionKind};
use busbar_platform::http::input;
use busbar_platform::{Ctx, Reply};
use http::Request;

use super::refresh::Body;
use crate::Services;
use crate::cookies::{Client, Keeping};
use crate::views::Answer;
use crate::views::session::DoneView;

/// Signs out: by the cookie with its CSRF value, by the refresh token in the body, and by the bearer token.
/// Whoever has no session left is signed out already.
pub(crate) async fn handle(
    State(services): State<Services>,
    ctx: Ctx,
    client: Client,
    request: Request<axum::body::Body>,
) -> Reply<Response> {
    let (parts, body) = request.into_parts();
    let body = input::read_whole(body).await?;
    let token = match client.keeping {
        Keeping::Cookie => client
            .cookie(SessionKind::User)
            .map(|token| (token, client.csrf())),
        Keeping::Body => {
            let token = input::parse::<Body>(&body)?.token();
            token.map(|token| (token, Csrf::NotNeeded))
        }
    };
    if let Some((token, csrf)) = token {
        services.people.sign_out(SessionKind::User, &token, csrf).await?;
    }
    if client.keeping == Keeping::Body
        && let Ok(actor) = ctx.identify(&parts).await
    {
        services.people.sign_out_actor(&actor).await?;
    }
    let mut response = Answer(signed_out()).into_response();
    if client.keeping == Keeping::Cookie {
        client.clear(&mut response, SessionKind::User)?;
    }
    Ok(response)
}

/// The answer to every sign-out.
pub(crate) fn signed_out() -> DoneView {
    DoneView {
        success: true,
        message: "Logged out successfully",
    }
}
