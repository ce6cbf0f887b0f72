//! `POST /api/auth/email/send-verification`

use axum::extract::State;
use busbar_platform::{Input, Reply};
use http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::Services;
use crate::views::Answer;
use crate::views::session::DoneView;

/// Who waits for a mail.
#[derive(Deserialize, ToSchema)]
#[schema(as = SendVerificationRequest)]
pub(crate) struct Waiting {
    email: String,
}

/// Mails another code, and answers alike whether the address is known.
pub(crate) async fn handle(
    State(services): State<Services>,
    Input(waiting): Input<Waiting>,
) -> Reply<(StatusCode, Answer<DoneView>)> {
    services.people.resend_verification(&waiting.email).await?;
    let done = DoneView {
        success: true,
        message: "If your email is registered, we have sent you a verification code",
    };
    Ok((StatusCode::ACCEPTED, Answer(done)))
}
