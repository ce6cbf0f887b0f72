//! Exchanging a refresh token for the next one.

use busbar_kernel::{Error, Result, Secret, Timestamp};
use busbar_store::{Step, params};
use chrono::TimeDelta;
use serde::Deserialize;

use super::{Owner, REFRESH_GRACE, SessionKind, Tokens};
use crate::people::{User, UserRow};
use crate::tokens::RefreshToken;
use crate::{Directory, codes};

/// How the caller proves that it is not a foreign page riding on a cookie.
#[derive(Clone, Copy, Debug)]
pub enum Csrf<'c> {
    /// The token came in a cookie: this value, if any, came beside it.
    Shown(Option<&'c str>),
    /// The token came in the body, where no foreign page can put it.
    NotNeeded,
}

/// A session carried on.
#[derive(Clone, Debug)]
pub enum Refreshed {
    /// A person's, with the person as they are now.
    User(Box<User>, Tokens),
    /// The operator's, with the name.
    Operator(String, Tokens),
}

#[derive(Deserialize)]
struct Standing {
    generation: i64,
    token_hash: String,
    operator: Option<String>,
    rotated_at: Timestamp,
    expires_at: Timestamp,
    revoked_at: Option<Timestamp>,
}

#[derive(Deserialize)]
struct Rotated {
    operator: Option<String>,
}

impl Directory {
    /// Exchanges a refresh token: one durable write. The token just exchanged answers its successor again for
    /// [`REFRESH_GRACE`]; an older one, or the same one later, is taken for stolen and ends the session.
    ///
    /// # Errors
    /// `identity.refresh_invalid`, `identity.refresh_reused`, and `identity.csrf_invalid` when the token is
    /// ours and the CSRF value is not.
    pub async fn refresh(&self, kind: SessionKind, token: &Secret, csrf: Csrf<'_>) -> Result<Refreshed> {
        let shown = self.read_refresh_token(kind, token)?.ok_or_else(invalid)?;
        self.check_csrf(&shown, csrf)?;
        if kind == SessionKind::Admin {
            self.settle_operator().await?;
        }
        let next = shown.successor();
        let now = self.clock().now();
        let rotate = Step::new(
            "UPDATE auth.sessions SET token_hash = $2, generation = $3, rotated_at = $4, expires_at = $5 \
             WHERE id = $1 AND token_hash = $6 AND revoked_at IS NULL AND expires_at > $4 RETURNING operator",
            params![
                shown.session,
                self.refresh_tokens().stored(&next),
                i64::from(next.generation),
                now,
                now + self.refresh_lifetime(),
                self.refresh_tokens().stored(&shown)
            ],
        );
        let mut answers = self
            .db()
            .batch(vec![rotate, owner_step(&shown)])
            .await?
            .into_iter();
        let rotated = answers.next().and_then(|rows| rows.rows.into_iter().next());
        let person = answers.next().and_then(|rows| rows.rows.into_iter().next());
        let person = person.map(|row| row.read::<UserRow>()).transpose()?;
        match rotated {
            Some(row) => self.carry_on(row.read::<Rotated>()?.operator, person, &next),
            None => self.answer_again(&shown, person).await,
        }
    }

    /// Our token of this kind in a text, if it is one.
    pub(crate) fn read_refresh_token(
        &self,
        kind: SessionKind,
        token: &Secret,
    ) -> Result<Option<RefreshToken>> {
        let read = self.refresh_tokens().read(token);
        Ok(read.filter(|token| token.kind == kind))
    }

    pub(crate) fn check_csrf(&self, token: &RefreshToken, csrf: Csrf<'_>) -> Result<()> {
        let good = match csrf {
            Csrf::NotNeeded => true,
            Csrf::Shown(value) => value.is_some_and(|value| self.refresh_tokens().is_csrf(token, value)),
        };
        if good {
            Ok(())
        } else {
            Err(Error::forbidden(codes::CSRF_INVALID, "Invalid CSRF token"))
        }
    }

    fn carry_on(
        &self,
        operator: Option<String>,
        person: Option<UserRow>,
        token: &RefreshToken,
    ) -> Result<Refreshed> {
        match (operator, person) {
            (Some(name), _) => {
                let tokens = self.tokens_of(&Owner::Operator(&name), token)?;
                Ok(Refreshed::Operator(name, tokens))
            }
            (None, Some(row)) => {
                let user = Box::new(User::from(row));
                let tokens = self.tokens_of(&Owner::User(user.id, &user.email), token)?;
                Ok(Refreshed::User(user, tokens))
            }
            (None, None) => Err(invalid()),
        }
    }

    /// The token was not the current one: a second tab within the grace, a thief, or simply over.
    async fn answer_again(&self, shown: &RefreshToken, person: Option<UserRow>) -> Result<Refreshed> {
        let standing: Option<Standing> = self
            .db()
            .optional(
                "SELECT generation, token_hash, operator, rotated_at, expires_at, revoked_at \
                 FROM auth.sessions WHERE id = $1",
                params![shown.session],
            )
            .await?;
        let now = self.clock().now();
        let standing = standing
            .filter(|session| session.revoked_at.is_none() && session.expires_at > now)
            .ok_or_else(invalid)?;
        let next = shown.successor();
        let grace = TimeDelta::from_std(REFRESH_GRACE).unwrap_or_default();
        let is_second_tab = standing.generation == i64::from(next.generation)
            && standing.token_hash == self.refresh_tokens().stored(&next)
            && now - standing.rotated_at <= grace;
        if is_second_tab {
            return self.carry_on(standing.operator, person, &next);
        }
        self.end_session(shown.session, "reused").await?;
        tracing::warn!(session = %shown.session, "a refresh token came a second time: its session is ended");
        Err(Error::unauthenticated(
            codes::REFRESH_REUSED,
            "Invalid refresh token",
        ))
    }
}

/// Reads the person a session belongs to, as they are now.
fn owner_step(token: &RefreshToken) -> Step {
    let sql = format!(
        "SELECT {} FROM auth.users u WHERE u.id = (SELECT user_id FROM auth.sessions WHERE id = $1)",
        UserRow::COLUMNS
    );
    Step::new(sql, params![token.session])
}

fn invalid() -> Error {
    Error::unauthenticated(codes::REFRESH_INVALID, "Invalid refresh token")
}
