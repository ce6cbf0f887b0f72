//! The operator of the configuration, at every start.

use busbar_kernel::{Error, Result, Secret, random};
use busbar_store::{Step, params};
use serde::Deserialize;

use super::normalised;
use super::unsettled::Unsettled;
use crate::Directory;
use crate::passwords::MAX_BYTES;

/// Rows made from the configuration, as opposed to those made by hand.
const CONFIGURED: &str = "configuration";
const CREATED: &str = "created";

#[derive(Deserialize)]
struct Stored {
    password: String,
}

impl Directory {
    /// Brings the configured operator into force: a changed name or password counts from now on and ends the
    /// sessions of the old one. Without a configured password one is generated at the first start and
    /// returned, this once, to be shown. Whether a stored password is the configured one is left to
    /// [`Directory::settle_operator`].
    ///
    /// # Errors
    /// `input.invalid` when a strict mode has no password; troubles of the database.
    pub(crate) async fn seed_operator(
        &self,
        name: &str,
        password: Option<&Secret>,
        strict: bool,
    ) -> Result<Option<Secret>> {
        let name = normalised(name);
        let stored: Option<Stored> = self
            .db()
            .optional(
                "SELECT password FROM auth.operators WHERE username = $1",
                params![name.as_str()],
            )
            .await?;
        let (password, generated) = match (password, stored) {
            (Some(password), Some(stored)) => {
                self.retire_others(&name).await?;
                self.unsettled().set(Unsettled {
                    name,
                    password: password.clone(),
                    stored: stored.password,
                });
                return Ok(None);
            }
            (Some(password), None) => (password.clone(), None),
            (None, _) if strict => {
                return Err(Error::invalid("ADMIN_PASSWORD", "ADMIN_PASSWORD must be set"));
            }
            (None, Some(_)) => return Ok(None),
            (None, None) => {
                let fresh = Secret::new(random::hex(10));
                (fresh.clone(), Some(fresh))
            }
        };
        self.keep_operator(&name, &password, CONFIGURED).await?;
        self.retire_others(&name).await?;
        Ok(generated)
    }

    /// Compares the configured password with the stored one, once: at the first sight of an operator, and soon after
    /// the start in any case. A hash before the first answer would be most of the time a start takes.
    ///
    /// # Errors
    /// `identity.busy` when the hashing threads are; troubles of the database. The next caller tries again.
    pub(crate) async fn settle_operator(&self) -> Result<()> {
        self.unsettled()
            .settle(async |operator: &Unsettled| {
                let Unsettled {
                    name,
                    password,
                    stored,
                } = operator;
                if self.passwords().check(password, Some(stored)).await?.matches {
                    return Ok(());
                }
                self.keep_operator(name, password, CONFIGURED).await
            })
            .await
    }

    /// Makes an operator by hand, or gives one a new password; either ends their sessions.
    ///
    /// # Errors
    /// `input.invalid` for an empty name or a password of fewer than 12 characters.
    pub async fn create_operator(&self, name: &str, password: &Secret) -> Result<()> {
        let name = normalised(name);
        if name.is_empty() || name.len() > 320 {
            return Err(Error::invalid("username", "A name has 1 to 320 characters"));
        }
        if password.length() < 12 || password.expose().len() > MAX_BYTES {
            return Err(Error::invalid(
                "password",
                "An operator's password has at least 12 characters",
            ));
        }
        self.keep_operator(&name, password, CREATED).await
    }

    async fn keep_operator(&self, name: &str, password: &Secret, origin: &str) -> Result<()> {
        let hash = self.passwords().hash(password).await?;
        self.db()
            .execute(
                "INSERT INTO auth.operators (username, password, origin, created_at, updated_at) \
                 VALUES ($1, $2, $3, $4, $4) ON CONFLICT (username) DO UPDATE SET \
                 password = excluded.password, origin = excluded.origin, updated_at = excluded.updated_at",
                params![name, hash, origin, self.clock().now()],
            )
            .await?;
        self.end_operator_sessions(name, "password changed").await
    }

    /// Whoever was configured before is no operator any more.
    async fn retire_others(&self, name: &str) -> Result<()> {
        let now = self.clock().now();
        let ended_at = now + self.access_lifetime();
        let steps = vec![
            Step::new(
                "UPDATE auth.sessions SET revoked_at = $1, revoked_reason = $2, expires_at = $3 \
                 WHERE revoked_at IS NULL AND operator IN \
                 (SELECT username FROM auth.operators WHERE origin = $4 AND username <> $5) RETURNING id",
                params![now, "retired", ended_at, CONFIGURED, name],
            ),
            Step::new(
                "DELETE FROM auth.operators WHERE origin = $1 AND username <> $2",
                params![CONFIGURED, name],
            ),
        ];
        let answers = self.db().batch(steps).await?;
        let ended = answers
            .first()
            .map(|rows| rows.rows.as_slice())
            .unwrap_or_default();
        let ended = ended.iter().map(|row| row.read()).collect::<Result<Vec<_>>>()?;
        self.mark_ended(&ended).await
    }
}
