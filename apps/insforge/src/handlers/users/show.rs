//! `GET /api/auth/users/{userId}`

use axum::extract::{Path, State};
use busbar_platform::Reply;

use super::super::user_id;
use crate::Services;
use crate::views::Answer;
use crate::views::user::UserView;

/// Shows one person.
pub(crate) async fn handle(
    State(services): State<Services>,
    Path(id): Path<String>,
) -> Reply<Answer<UserView>> {
    let user = services.people.user(user_id(&id, "userId")?).await?;
    Ok(Answer(user.into()))
}
