//! What people say of themselves.

use busbar_kernel::actor::Actor;
use busbar_kernel::{Error, Result};
use busbar_store::{Json, params};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::show::unknown;
use super::{User, UserId};
use crate::Directory;

/// The most bytes of a profile, as compact JSON.
pub const MAX_PROFILE_BYTES: usize = 64 * 1024;

#[derive(Deserialize)]
struct Stored {
    profile: Option<Json<Map<String, Value>>>,
}

impl Directory {
    /// Lays `changes` over the profile of whoever sends the request: the first level is merged, what lies
    /// below is replaced. Answers the person as they are then.
    ///
    /// # Errors
    /// `identity.not_a_user`, or `input.invalid` when the merged profile is above [`MAX_PROFILE_BYTES`].
    pub async fn merge_own_profile(&self, actor: &Actor, changes: Map<String, Value>) -> Result<User> {
        let id = self.current_user_id(actor)?;
        self.merge_profile(id, changes).await
    }

    /// The same for any person.
    ///
    /// # Errors
    /// `identity.user_not_found`, or `input.invalid` as above.
    pub async fn merge_profile(&self, id: UserId, changes: Map<String, Value>) -> Result<User> {
        let now = self.clock().now();
        self.db()
            .transaction(move |transaction| {
                Box::pin(async move {
                    // Writing first takes the row's lock on PostgreSQL, so that two merges cannot lose one.
                    let stored: Vec<Stored> = transaction
                        .returning(
                            "UPDATE auth.users SET updated_at = $2 WHERE id = $1 RETURNING profile",
                            params![id.0.0, now],
                        )
                        .await?;
                    let stored = stored.into_iter().next().ok_or_else(unknown)?;
                    let mut profile = stored.profile.map(|json| json.0).unwrap_or_default();
                    profile.extend(changes);
                    let text = bounded(&profile)?;
                    transaction
                        .execute(
                            "UPDATE auth.users SET profile = $2 WHERE id = $1",
                            params![id.0.0, busbar_store::Value::Json(text)],
                        )
                        .await
                })
            })
            .await?;
        self.user(id).await
    }
}

/// A profile as text, when it is not too long.
pub(super) fn bounded(profile: &Map<String, Value>) -> Result<String> {
    let text = serde_json::to_string(profile)
        .map_err(|error| Error::internal("a profile cannot be written as JSON").source(error))?;
    if text.len() > MAX_PROFILE_BYTES {
        return Err(Error::invalid("profile", "The profile is above 64 KB"));
    }
    Ok(text)
}
