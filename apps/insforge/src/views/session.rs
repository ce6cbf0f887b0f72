//! What a caller takes home from a sign-in or a refresh (InsForge's contract, 3.1, 3.6).

use axum::response::{IntoResponse, Response};
use busbar_identity::operators::subject_of;
use busbar_identity::people::User;
use busbar_identity::sessions::{SessionKind, Tokens};
use busbar_platform::Reply;
use serde::Serialize;
use utoipa::ToSchema;

use super::Answer;
use super::user::UserView;
use crate::Services;
use crate::cookies::{Client, Keeping};

/// A person's session: `csrfToken` for browsers, whose refresh token is a cookie, else `refreshToken`.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Session)]
pub(crate) struct SessionView {
    user: UserView,
    access_token: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    csrf_token: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
}

impl SessionView {
    /// The answer, with its cookie for browsers.
    pub(crate) fn answer(
        services: &Services,
        client: &Client,
        user: User,
        tokens: &Tokens,
    ) -> Reply<Response> {
        let by_cookie = client.keeping == Keeping::Cookie;
        let view = Self {
            user: user.into(),
            access_token: tokens.access.expose().to_owned(),
            csrf_token: by_cookie.then(|| tokens.csrf.clone()),
            refresh_token: (!by_cookie).then(|| tokens.refresh.expose().to_owned()),
        };
        with_cookie(
            services,
            client,
            SessionKind::User,
            tokens,
            Answer(view).into_response(),
        )
    }
}

/// What a sign-up answers. Without a session there is no user: the mail tells the rest.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SignedUp)]
pub(crate) struct SignedUpView {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) user: Option<UserView>,
    pub(crate) access_token: Option<String>,
    pub(crate) require_email_verification: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) csrf_token: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) refresh_token: Option<String>,
}

/// The operator.
#[derive(Serialize, ToSchema)]
#[schema(as = Admin)]
pub(crate) struct AdminView {
    /// `local:` and the name.
    sub: String,
}

impl AdminView {
    pub(crate) fn named(name: &str) -> Self {
        Self {
            sub: subject_of(name),
        }
    }
}

/// The operator who asks.
#[derive(Serialize, ToSchema)]
#[schema(as = CurrentAdmin)]
pub(crate) struct CurrentAdminView {
    pub(crate) admin: AdminView,
}

/// The operator's session.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = AdminSession)]
pub(crate) struct AdminSessionView {
    admin: AdminView,
    access_token: String,
    csrf_token: String,
}

impl AdminSessionView {
    /// The answer with its cookie: the operator comes by browser.
    pub(crate) fn answer(
        services: &Services,
        client: &Client,
        name: &str,
        tokens: &Tokens,
    ) -> Reply<Response> {
        let view = Self {
            admin: AdminView::named(name),
            access_token: tokens.access.expose().to_owned(),
            csrf_token: tokens.csrf.clone(),
        };
        let mut response = Answer(view).into_response();
        let seconds = services.people.refresh_lifetime().as_secs();
        client.keep(&mut response, SessionKind::Admin, &tokens.refresh, seconds)?;
        Ok(response)
    }
}

/// What came of a request that has nothing else to tell.
#[derive(Serialize, ToSchema)]
#[schema(as = Done)]
pub(crate) struct DoneView {
    pub(crate) success: bool,
    pub(crate) message: &'static str,
}

/// Adds the refresh token's cookie for callers who keep it there.
pub(crate) fn with_cookie(
    services: &Services,
    client: &Client,
    kind: SessionKind,
    tokens: &Tokens,
    mut response: Response,
) -> Reply<Response> {
    if client.keeping == Keeping::Cookie {
        let seconds = services.people.refresh_lifetime().as_secs();
        client.keep(&mut response, kind, &tokens.refresh, seconds)?;
    }
    Ok(response)
}
