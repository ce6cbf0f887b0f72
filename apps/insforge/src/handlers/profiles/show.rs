//! `GET /api/auth/profiles/{userId}`

use axum::extract::{Path, State};
use busbar_platform::Reply;

use super::super::user_id;
use crate::Services;
use crate::views::Answer;
use crate::views::user::ProfileView;

/// Shows what a person says of themselves.
pub(crate) async fn handle(
    State(services): State<Services>,
    Path(id): Path<String>,
) -> Reply<Answer<ProfileView>> {
    let user = services.people.user(user_id(&id, "userId")?).await?;
    Ok(Answer(user.into()))
}
