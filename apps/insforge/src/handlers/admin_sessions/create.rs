//! `POST /api/auth/admin/sessions`

use axum::extract::State;
use axum::response::Response;
use busbar_kernel::Secret;
use busbar_platform::{Input, Reply};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::Services;
use crate::cookies::Client;
use crate::views::session::AdminSessionView;

/// The operator's name and password.
#[derive(Deserialize, ToSchema)]
#[schema(as = AdminSignInRequest)]
pub(crate) struct SignIn {
    username: String,
    #[schema(value_type = String)]
    password: Secret,
}

/// Signs the operator in.
pub(crate) async fn handle(
    State(services): State<Services>,
    client: Client,
    Input(input): Input<SignIn>,
) -> Reply<Response> {
    let people = &services.people;
    let signed_in = people.sign_in_operator(&input.username, &input.password).await?;
    AdminSessionView::answer(&services, &client, &signed_in.name, &signed_in.tokens)
}
