//! `GET /api/auth/public-config`

use axum::extract::State;
use busbar_platform::Reply;

use crate::Services;
use crate::views::Answer;
use crate::views::auth_config::PublicConfigView;

/// Shows what a sign-up page must know.
pub(crate) async fn handle(State(services): State<Services>) -> Reply<Answer<PublicConfigView>> {
    let policy = services.people.policy().await?;
    Ok(Answer((&policy).into()))
}
