//! Ending sessions: sign-out, reuse of a token, a changed password, a deleted person.

use busbar_kernel::{Actor, Result, Secret};
use busbar_store::{Step, params};
use serde::Deserialize;
use uuid::Uuid;

use super::{Csrf, SessionKind};
use crate::Directory;

#[derive(Deserialize)]
pub(crate) struct Ended {
    id: Uuid,
}

/// Ends the sessions of one owner column; the row stays until its access tokens are over.
const END_WHERE: &str = "UPDATE auth.sessions SET revoked_at = $1, revoked_reason = $2, \
     expires_at = CASE WHEN expires_at < $3 THEN expires_at ELSE $3 END WHERE revoked_at IS NULL AND ";

impl Directory {
    /// Signs out: ends the session of a refresh token and with it every access token of that session.
    /// Answers whether there was a session to end; a text that is no token of ours ends nothing.
    ///
    /// # Errors
    /// `identity.csrf_invalid` when the token is ours and the CSRF value is not.
    pub async fn sign_out(&self, kind: SessionKind, token: &Secret, csrf: Csrf<'_>) -> Result<bool> {
        let Some(token) = self.read_refresh_token(kind, token)? else {
            return Ok(false);
        };
        self.check_csrf(&token, csrf)?;
        self.end_session(token.session, "signed out").await
    }

    /// Signs out by the access token that `actor` came with, for callers who hold no refresh token any more.
    ///
    /// # Errors
    /// Troubles of the database.
    pub async fn sign_out_actor(&self, actor: &Actor) -> Result<bool> {
        let session = actor
            .user()
            .filter(|user| user.directory == self.name())
            .and_then(|user| user.claims.get("sid"))
            .and_then(|session| session.as_str()?.parse().ok());
        match session {
            Some(session) => self.end_session(session, "signed out").await,
            None => Ok(false),
        }
    }

    /// Ends one session; answers whether it was live.
    pub(crate) async fn end_session(&self, session: Uuid, reason: &str) -> Result<bool> {
        let now = self.clock().now();
        let sql = format!("{END_WHERE}id = $4");
        let ended = self
            .db()
            .execute(&sql, params![now, reason, now + self.access_lifetime(), session])
            .await?;
        self.revoked().mark(session).await?;
        Ok(ended > 0)
    }

    /// Ends every session of one operator.
    pub(crate) async fn end_operator_sessions(&self, name: &str, reason: &str) -> Result<()> {
        let now = self.clock().now();
        let sql = format!("{END_WHERE}operator = $4 RETURNING id");
        let parameters = params![now, reason, now + self.access_lifetime(), name];
        let ended: Vec<Ended> = self.db().returning(&sql, parameters).await?;
        self.mark_ended(&ended).await
    }

    /// The statement that ends every session of one person, for the batch of whoever changes the person.
    pub(crate) fn end_user_sessions(&self, user: Uuid, reason: &str) -> Step {
        let now = self.clock().now();
        let sql = format!("{END_WHERE}user_id = $4 RETURNING id");
        Step::new(sql, params![now, reason, now + self.access_lifetime(), user])
    }

    /// Makes the access tokens of ended sessions stop counting.
    pub(crate) async fn mark_ended(&self, ended: &[Ended]) -> Result<()> {
        for session in ended {
            self.revoked().mark(session.id).await?;
        }
        Ok(())
    }
}
