//! `DELETE /api/auth/users`

use axum::extract::State;
use busbar_kernel::Result;
use busbar_platform::{Input, Reply};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::user_id;
use crate::Services;
use crate::views::Answer;

/// Whom to delete.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = DeleteUsersRequest)]
pub(crate) struct Chosen {
    /// Up to 1,000 ids; unknown ones count nothing.
    user_ids: Vec<String>,
}

/// How many there were.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = DeletedUsers)]
pub(crate) struct Deleted {
    message: &'static str,
    deleted_count: u64,
}

/// Deletes people and ends their sessions.
pub(crate) async fn handle(
    State(services): State<Services>,
    Input(chosen): Input<Chosen>,
) -> Reply<Answer<Deleted>> {
    let ids = chosen.user_ids.iter().enumerate();
    let ids = ids
        .map(|(at, id)| user_id(id, &format!("userIds.{at}")))
        .collect::<Result<Vec<_>>>()?;
    let deleted_count = services.people.delete_users(&ids).await?;
    Ok(Answer(Deleted {
        message: "Users deleted successfully",
        deleted_count,
    }))
}
