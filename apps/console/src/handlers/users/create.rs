//! `POST /api/users`

use axum::Json;
use axum::extract::State;
use busbar_identity::people::{NewUser, SignedUp};
use busbar_kernel::{Error, Secret};
use busbar_platform::{Input, Reply};
use http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use super::UserView;
use crate::Services;

/// An account to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewAccount {
    email: String,
    #[schema(value_type = String)]
    password: Secret,
    name: Option<String>,
}

/// Makes it; the operator's word counts for the address.
pub(crate) async fn handle(
    State(services): State<Services>,
    Input(input): Input<NewAccount>,
) -> Reply<(StatusCode, Json<UserView>)> {
    let new = NewUser {
        email: input.email,
        password: input.password,
        name: input.name.filter(|name| !name.trim().is_empty()),
        by_administrator: true,
        auto_confirm: true,
    };
    match services.people.sign_up(new).await? {
        SignedUp::In(user, _) => Ok((StatusCode::CREATED, Json((*user).into()))),
        SignedUp::VerificationSent => {
            Err(Error::internal("an account made by the operator waits for a mail").into())
        }
    }
}
