//! `GET /api/auth/config`

use axum::extract::State;
use busbar_platform::Reply;

use crate::Services;
use crate::views::Answer;
use crate::views::auth_config::ConfigView;

/// Shows the rules for accounts.
pub(crate) async fn handle(State(services): State<Services>) -> Reply<Answer<ConfigView>> {
    Ok(Answer(services.people.policy().await?.into()))
}
