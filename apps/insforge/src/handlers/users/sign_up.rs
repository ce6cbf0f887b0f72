//! `POST /api/auth/users`

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use busbar_identity::people::{NewUser, SignedUp};
use busbar_identity::sessions::SessionKind;
use busbar_kernel::Secret;
use busbar_platform::{Ctx, Input, Reply};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::Services;
use crate::cookies::{Client, Keeping};
use crate::views::Answer;
use crate::views::session::{SignedUpView, with_cookie};

/// Somebody who wants in.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SignUpRequest)]
pub(crate) struct SignUp {
    email: String,
    #[schema(value_type = String)]
    password: Secret,
    /// Becomes `profile.name`.
    name: Option<String>,
    /// Counts only when an administrator asks: the address is taken as verified.
    auto_confirm: Option<bool>,
}

/// Makes an account, and its first session unless the address must be verified or an administrator asks.
pub(crate) async fn handle(
    State(services): State<Services>,
    ctx: Ctx,
    client: Client,
    Input(input): Input<SignUp>,
) -> Reply<Response> {
    let by_administrator = ctx.actor().is_administrator();
    let new = NewUser {
        email: input.email,
        password: input.password,
        name: input.name,
        by_administrator,
        auto_confirm: input.auto_confirm.unwrap_or(false),
    };
    let (user, tokens) = match services.people.sign_up(new).await? {
        SignedUp::In(user, tokens) => (user, tokens),
        SignedUp::VerificationSent => return Ok(Answer(verification_sent()).into_response()),
    };
    let by_cookie = client.keeping == Keeping::Cookie;
    let view = SignedUpView {
        user: Some((*user).into()),
        access_token: Some(tokens.access.expose().to_owned()),
        require_email_verification: false,
        csrf_token: (!by_administrator && by_cookie).then(|| tokens.csrf.clone()),
        refresh_token: (!by_administrator && !by_cookie).then(|| tokens.refresh.expose().to_owned()),
    };
    let response = Answer(view).into_response();
    if by_administrator {
        return Ok(response);
    }
    with_cookie(&services, &client, SessionKind::User, &tokens, response)
}

fn verification_sent() -> SignedUpView {
    SignedUpView {
        user: None,
        access_token: None,
        require_email_verification: true,
        csrf_token: None,
        refresh_token: None,
    }
}
