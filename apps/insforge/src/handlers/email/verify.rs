//! `POST /api/auth/email/verify`

use axum::extract::State;
use axum::response::Response;
use busbar_platform::{Input, Reply};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::Services;
use crate::cookies::Client;
use crate::views::session::SessionView;

/// An address and the six digits mailed to it.
#[derive(Deserialize, ToSchema)]
#[schema(as = VerifyEmailRequest)]
pub(crate) struct Proof {
    email: String,
    otp: String,
}

/// Verifies an address and starts the first session.
pub(crate) async fn handle(
    State(services): State<Services>,
    client: Client,
    Input(proof): Input<Proof>,
) -> Reply<Response> {
    let signed_in = services.people.verify_email(&proof.email, &proof.otp).await?;
    SessionView::answer(&services, &client, signed_in.user, &signed_in.tokens)
}
