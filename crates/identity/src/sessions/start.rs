//! Starting a session.

use busbar_kernel::{Result, Secret, Timestamp, random};
use busbar_store::{Step, params};

use super::{Owner, SessionId};
use crate::Directory;
use crate::operators::subject_of;
use crate::tokens::{ROLE_OPERATOR, ROLE_USER, RefreshToken};

/// What a caller takes home from a sign-in or a refresh.
#[derive(Clone, Debug)]
pub struct Tokens {
    /// The access token, for the `Authorization` header.
    pub access: Secret,
    /// When the access token ends.
    pub access_expires: Timestamp,
    /// The refresh token, good for one exchange.
    pub refresh: Secret,
    /// What a browser must send beside a refresh token kept in a cookie; it stays for the whole session.
    pub csrf: String,
    /// The session.
    pub session: SessionId,
}

impl Directory {
    /// The statements that start a session, for the batch of whoever starts one, and its tokens.
    ///
    /// Each start also clears away two sessions that are long over, so that none pile up and no job is needed.
    pub(crate) fn session_steps(&self, owner: &Owner<'_>) -> Result<(Vec<Step>, Tokens)> {
        let now = self.clock().now();
        let session = SessionId::new(self.clock());
        let token = RefreshToken {
            kind: owner.kind(),
            session: session.0.0,
            generation: 0,
            nonce: random::bytes(),
        };
        let (user, operator) = match owner {
            Owner::User(id, _) => (Some(id.0.0), None),
            Owner::Operator(name) => (None, Some(*name)),
        };
        let steps = vec![
            Step::new(
                "DELETE FROM auth.sessions WHERE id IN \
                 (SELECT id FROM auth.sessions WHERE expires_at < $1 ORDER BY expires_at LIMIT 2)",
                params![now - self.access_lifetime()],
            ),
            Step::new(
                "INSERT INTO auth.sessions (id, kind, user_id, operator, token_hash, generation, \
                 created_at, rotated_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8)",
                params![
                    session.0.0,
                    owner.kind().word(),
                    user,
                    operator,
                    self.refresh_tokens().stored(&token),
                    0i64,
                    now,
                    now + self.refresh_lifetime()
                ],
            ),
        ];
        Ok((steps, self.tokens_of(owner, &token)?))
    }

    /// The texts for a session's owner at one generation of its refresh token.
    pub(crate) fn tokens_of(&self, owner: &Owner<'_>, token: &RefreshToken) -> Result<Tokens> {
        let access = match owner {
            Owner::User(id, email) => {
                let subject = id.to_string();
                self.access_tokens()
                    .issue(&subject, Some(email), ROLE_USER, token.session)?
            }
            Owner::Operator(name) => {
                let subject = subject_of(name);
                self.access_tokens()
                    .issue(&subject, None, ROLE_OPERATOR, token.session)?
            }
        };
        Ok(super::tokens(
            access,
            self.refresh_tokens().write(token),
            self.refresh_tokens().csrf(token),
            SessionId(busbar_kernel::ids::Id(token.session)),
        ))
    }
}
