//! `GET /api/auth/sessions/current`

use axum::extract::State;
use busbar_platform::{Ctx, Reply};

use crate::Services;
use crate::views::Answer;
use crate::views::user::CurrentUserView;

/// Shows the person who asks.
pub(crate) async fn handle(State(services): State<Services>, ctx: Ctx) -> Reply<Answer<CurrentUserView>> {
    let user = services.people.current_user(ctx.actor()).await?;
    Ok(Answer(CurrentUserView { user: user.into() }))
}
