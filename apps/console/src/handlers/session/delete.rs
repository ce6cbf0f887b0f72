//! `DELETE /api/session`

use axum::extract::State;
use axum::response::{AppendHeaders, IntoResponse};
use busbar_identity::sessions::{Csrf, SessionKind};
use busbar_kernel::Secret;
use busbar_platform::Reply;
use http::header::SET_COOKIE;
use http::{HeaderMap, StatusCode};

use crate::{Services, cookies};

/// Ends the session, if there is one, and forgets its cookies in any case.
pub(crate) async fn handle(State(services): State<Services>, headers: HeaderMap) -> Reply<impl IntoResponse> {
    if let Some(token) = cookies::ending(&headers) {
        // The header of every changing request stands against forgery here, so no CSRF value is asked for.
        services
            .operators
            .sign_out(SessionKind::Admin, &Secret::new(token), Csrf::NotNeeded)
            .await?;
    }
    let [session, ending] = services.cookies.forget();
    Ok((
        StatusCode::NO_CONTENT,
        AppendHeaders([(SET_COOKIE, session), (SET_COOKIE, ending)]),
    ))
}
