//! `POST /api/session`

use axum::Json;
use axum::extract::State;
use axum::response::{AppendHeaders, IntoResponse};
use busbar_kernel::{Error, Kind, Secret};
use busbar_platform::{Input, Reply};
use http::header::SET_COOKIE;
use serde::Deserialize;
use utoipa::ToSchema;

use super::SessionView;
use crate::Services;

/// Name and password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SignIn {
    email: String,
    #[schema(value_type = String)]
    password: Secret,
}

/// Signs the operator in.
pub(crate) async fn handle(
    State(services): State<Services>,
    Input(input): Input<SignIn>,
) -> Reply<impl IntoResponse> {
    let signed_in = services
        .operators
        .sign_in_operator(&input.email, &input.password)
        .await
        .map_err(refusal)?;
    let lifetime = signed_in.tokens.access_expires - services.clock.now();
    let [session, ending] = services.cookies.begin(
        &signed_in.tokens.access,
        &signed_in.tokens.refresh,
        lifetime.num_seconds(),
    );
    let cookies = AppendHeaders([(SET_COOKIE, session), (SET_COOKIE, ending)]);
    Ok((cookies, Json(SessionView::of(signed_in.name))))
}

fn refusal(error: Error) -> Error {
    match error.kind() {
        Kind::Unauthenticated => {
            Error::unauthenticated("console.sign_in_failed", "Name or password is wrong").source(error)
        }
        _ => error,
    }
}
