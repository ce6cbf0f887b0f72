//! `PATCH /api/auth/profiles/current`

use axum::extract::State;
use busbar_platform::{Ctx, Input, Reply};
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::Services;
use crate::views::Answer;
use crate::views::user::ProfileView;

/// What to lay over the profile: the first level is merged, what lies below is replaced.
#[derive(Deserialize, ToSchema)]
#[schema(as = ProfileRequest)]
pub(crate) struct Changes {
    #[schema(value_type = Object)]
    profile: Map<String, Value>,
}

/// Changes the profile of the person who asks.
pub(crate) async fn handle(
    State(services): State<Services>,
    ctx: Ctx,
    Input(changes): Input<Changes>,
) -> Reply<Answer<ProfileView>> {
    let user = services
        .people
        .merge_own_profile(ctx.actor(), changes.profile)
        .await?;
    Ok(Answer(user.into()))
}
