//! From a credential to an actor.

use busbar_kernel::actor::{Actor, User};
use busbar_kernel::{Error, Result};

use crate::keys::AccessKey;
use crate::operators::name_in;
use crate::tokens::{ROLE_ANONYMOUS, ROLE_OPERATOR, ROLE_USER};
use crate::{Directory, codes};

/// A credential as it was shown.
#[derive(Clone, Copy, Debug)]
pub enum Credential<'c> {
    /// In the place for API keys (`x-api-key`).
    ApiKey(&'c str),
    /// In the place for bearers, where its shape says what it is: `ik_…`, `anon_…`, else a token.
    Bearer(&'c str),
}

impl Directory {
    /// Who shows this credential. The shape chooses the check, and a failed check never falls through to
    /// another. Keys cost no database, tokens a signature the first time and a look-up afterwards.
    ///
    /// # Errors
    /// `identity.api_key_invalid`, `identity.anon_key_invalid`, `identity.token_expired`,
    /// `identity.token_invalid`.
    pub async fn authenticate(&self, credential: Credential<'_>) -> Result<Actor> {
        match credential {
            Credential::ApiKey(key) => self.service(key),
            Credential::Bearer(text) if text.starts_with(AccessKey::Api.prefix()) => self.service(text),
            Credential::Bearer(text) if text.starts_with(AccessKey::Anon.prefix()) => {
                if self.access_keys().is(AccessKey::Anon, text) {
                    Ok(Actor::Anonymous)
                } else {
                    Err(Error::unauthenticated(
                        codes::ANON_KEY_INVALID,
                        "Invalid anon key",
                    ))
                }
            }
            Credential::Bearer(token) => self.bearer(token).await,
        }
    }

    fn service(&self, key: &str) -> Result<Actor> {
        if self.access_keys().is(AccessKey::Api, key) {
            let name = "api-key".to_owned();
            return Ok(Actor::Service { name });
        }
        Err(Error::unauthenticated(codes::API_KEY_INVALID, "Invalid API key"))
    }

    async fn bearer(&self, token: &str) -> Result<Actor> {
        let checked = self.access_tokens().check(token)?;
        let claims = &checked.claims;
        if claims.role == ROLE_OPERATOR {
            self.settle_operator().await?;
        }
        let revoked = match claims.session {
            Some(session) => self.revoked().holds(session).await?,
            None => false,
        };
        match claims.role.as_str() {
            ROLE_USER if !revoked => Ok(Actor::User(User {
                subject: claims.subject.clone(),
                email: claims.email.clone(),
                directory: self.name().to_owned(),
                claims: claims.further.clone(),
            })),
            ROLE_ANONYMOUS if !revoked => Ok(Actor::Anonymous),
            ROLE_OPERATOR if !revoked => Ok(Actor::Operator {
                name: name_in(&claims.subject).to_owned(),
            }),
            _ => Err(Error::unauthenticated(codes::TOKEN_INVALID, "Invalid token")),
        }
    }
}
