//! The secret behind a name, for whoever checks a signature.

use std::time::Duration;

use busbar_kernel::{Error, Result, Secret, Timestamp};
use busbar_store::params;
use serde::Deserialize;

use super::{AccessKey, AccessKeys};
use crate::Place;

/// How exactly the last use is kept: a write for each request would be too many.
const EXACTNESS: Duration = Duration::from_secs(3600);

#[derive(Deserialize)]
struct Row {
    id: busbar_kernel::ids::Id,
    access_key_id: String,
    description: Option<String>,
    created_at: Timestamp,
    last_used_at: Option<Timestamp>,
    secret_sealed: String,
}

impl AccessKeys {
    /// The key of this name with its secret, `None` when there is none. It says nothing about who asks: the
    /// caller must prove that it holds the secret before anything is done.
    ///
    /// # Errors
    /// Trouble with the database; `Internal` for a secret that was sealed with another key.
    pub async fn find(&self, access_key_id: &str) -> Result<Option<(AccessKey, Secret)>> {
        let sql = "SELECT id, access_key_id, description, created_at, last_used_at, secret_sealed
                   FROM storage.s3_access_keys WHERE access_key_id = $1";
        let row: Option<Row> = self.0.db.optional(sql, params![access_key_id]).await?;
        let Some(row) = row else {
            return Ok(None);
        };
        let secret = self.0.settings.sealer.open(&row.secret_sealed).ok_or_else(|| {
            Error::internal("the secret of an access key was sealed with another key")
                .with("key", row.id.to_string())
        })?;
        let key = AccessKey {
            id: row.id,
            access_key_id: row.access_key_id,
            description: row.description,
            created_at: row.created_at,
            last_used_at: row.last_used_at,
        };
        Ok(Some((key, secret)))
    }

    /// Notes that the key was used, at most once an hour.
    pub async fn note_use(&self, key: &AccessKey) {
        let place: &Place = &self.0;
        let now = place.clock.now();
        if key.last_used_at.is_some_and(|last| now < last + EXACTNESS) {
            return;
        }
        let sql = "UPDATE storage.s3_access_keys SET last_used_at = $2 WHERE id = $1";
        if let Err(error) = place.db.execute(sql, params![key.id, now]).await {
            tracing::warn!(
                error = error.operator_line(),
                "the use of an access key was not noted"
            );
        }
    }
}
