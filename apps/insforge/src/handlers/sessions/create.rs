//! `POST /api/auth/sessions`

use axum::extract::State;
use axum::response::Response;
use busbar_kernel::{Error, Secret};
use busbar_platform::{Input, Reply};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::Services;
use crate::cookies::Client;
use crate::views::session::SessionView;

/// Somebody who has an account.
#[derive(Deserialize, ToSchema)]
#[schema(as = SignInRequest)]
pub(crate) struct SignIn {
    /// Absent or `password`: signing in by code is not offered yet.
    method: Option<String>,
    email: String,
    #[schema(value_type = Option<String>)]
    password: Option<Secret>,
}

/// Signs a person in.
pub(crate) async fn handle(
    State(services): State<Services>,
    client: Client,
    Input(input): Input<SignIn>,
) -> Reply<Response> {
    if input.method.as_deref().is_some_and(|method| method != "password") {
        let message = "Only signing in with a password is offered";
        return Err(Error::invalid("method", message).into());
    }
    let password = input
        .password
        .ok_or_else(|| Error::invalid("password", "Required"))?;
    let signed_in = services.people.sign_in(&input.email, &password).await?;
    SessionView::answer(&services, &client, signed_in.user, &signed_in.tokens)
}
