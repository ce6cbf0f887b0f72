//! Access tokens: issuing our own, checking our own and, by policy, those signed with the shared secret.

use std::sync::Arc;
use std::time::Duration;

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::hmac;
use busbar_kernel::{Clock, Error, Result, Secret, Timestamp};
use moka::sync::Cache as Memory;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::compact::{self, Parts};
use super::{OutsideTokens, ROLE_ANONYMOUS, ROLE_USER};
use crate::codes;
use crate::keys::KeyRing;

/// The claim that tells our access tokens from every other token we sign.
const TYPE: &str = "access";

/// How far a foreign clock may run ahead in `nbf`, in seconds.
const CLOCK_SKEW: i64 = 60;

/// How many checked tokens are remembered, by digest.
const REMEMBERED: u64 = 10_000;

/// What an access token says.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct AccessClaims {
    pub(crate) subject: String,
    pub(crate) email: Option<String>,
    pub(crate) role: String,
    /// The session it came from; outside tokens have none.
    pub(crate) session: Option<Uuid>,
    /// Every claim but subject, address and role.
    pub(crate) further: Map<String, Value>,
}

/// A token whose signature was checked, with the second at which it ends.
pub(crate) struct Checked {
    pub(crate) claims: AccessClaims,
    pub(crate) expires: Option<i64>,
}

/// Issues and checks the access tokens of one directory.
pub(crate) struct AccessTokens {
    directory: String,
    issuer: String,
    header: String,
    ring: KeyRing,
    shared: hmac::Key,
    outside: OutsideTokens,
    lifetime: Duration,
    clock: Arc<dyn Clock>,
    remembered: Memory<[u8; 32], Arc<Checked>>,
}

impl AccessTokens {
    pub(crate) fn new(
        directory: &str,
        ring: KeyRing,
        signing: &Secret,
        outside: OutsideTokens,
        lifetime: Duration,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let header = json!({"alg": KeyRing::ALGORITHM, "typ": "JWT", "kid": ring.signing_id()});
        Self {
            directory: directory.to_owned(),
            issuer: format!("busbar:{directory}"),
            header: compact::encode(header.to_string().as_bytes()),
            ring,
            shared: hmac::Key::new(hmac::HMAC_SHA256, signing.expose().as_bytes()),
            outside,
            lifetime,
            clock,
            remembered: Memory::new(REMEMBERED),
        }
    }

    pub(crate) fn ring(&self) -> &KeyRing {
        &self.ring
    }

    pub(crate) fn lifetime(&self) -> Duration {
        self.lifetime
    }

    /// A new token and the moment it ends.
    pub(crate) fn issue(
        &self,
        subject: &str,
        email: Option<&str>,
        role: &str,
        session: Uuid,
    ) -> Result<(String, Timestamp)> {
        let now = self.clock.now();
        let expires = now + self.lifetime;
        let mut claims = json!({
            "sub": subject,
            "email": email,
            "role": role,
            "iat": now.timestamp(),
            "exp": expires.timestamp(),
            "typ": TYPE,
            "iss": self.issuer,
            "aud": self.directory,
            "sid": session,
        });
        if let (None, Some(claims)) = (email, claims.as_object_mut()) {
            claims.remove("email");
        }
        let token = compact::assemble(&self.header, claims.to_string().as_bytes(), |message| {
            self.ring.sign(message)
        })?;
        Ok((token, expires))
    }

    /// Checks a token: signature, directory, type and time. Revocation is the caller's.
    ///
    /// The key decides the algorithm: a key id must be one of the ring's, and then only RS256 counts; without
    /// a key id only the shared secret is tried, and then only HS256 counts.
    ///
    /// # Errors
    /// `identity.token_expired`, else `identity.token_invalid`, which never says why.
    pub(crate) fn check(&self, token: &str) -> Result<Arc<Checked>> {
        let name = fingerprint(token);
        let checked = match self.remembered.get(&name) {
            Some(checked) => checked,
            None => {
                let checked = Arc::new(self.check_anew(token).ok_or_else(invalid)?);
                self.remembered.insert(name, Arc::clone(&checked));
                checked
            }
        };
        match checked.expires {
            Some(end) if end <= self.clock.now().timestamp() => {
                self.remembered.invalidate(&name);
                Err(Error::unauthenticated(codes::TOKEN_EXPIRED, "Invalid token"))
            }
            _ => Ok(checked),
        }
    }

    fn check_anew(&self, token: &str) -> Option<Checked> {
        let parts = Parts::of(token)?;
        let claims = match &parts.header.kid {
            Some(kid) => {
                let signed = parts.header.alg == KeyRing::ALGORITHM
                    && self.ring.check(kid, parts.signed, &parts.signature)?;
                if !signed {
                    return None;
                }
                let claims = parts.claims()?;
                let ours = claims.get("typ")? == TYPE
                    && claims.get("aud")? == self.directory.as_str()
                    && claims.get("iss")? == self.issuer.as_str()
                    && claims.contains_key("exp");
                ours.then_some(claims)?
            }
            None => {
                let signed = self.outside != OutsideTokens::Refused
                    && parts.header.alg == OutsideTokens::ALGORITHM
                    && OutsideTokens::check(&self.shared, parts.signed, &parts.signature);
                if !signed {
                    return None;
                }
                let claims = parts.claims()?;
                self.outside.admits(&claims).then_some(claims)?
            }
        };
        self.read(claims)
    }

    fn read(&self, mut claims: Map<String, Value>) -> Option<Checked> {
        let expires = match claims.get("exp") {
            None => None,
            Some(value) => Some(seconds(value)?),
        };
        if let Some(begins) = claims.get("nbf")
            && seconds(begins)? > self.clock.now().timestamp() + CLOCK_SKEW
        {
            return None;
        }
        let session = match claims.get("sid") {
            Some(Value::String(text)) => text.parse().ok(),
            _ => None,
        };
        let mut text = |name: &str| match claims.remove(name) {
            None | Some(Value::Null) => Some(None),
            Some(Value::String(text)) => Some(Some(text)),
            Some(_) => None,
        };
        let subject = text("sub")?.filter(|subject| !subject.is_empty());
        let email = text("email")?;
        let role = text("role")?.unwrap_or_else(|| ROLE_USER.to_owned());
        // Nobody in particular has no name; a public key that is a token is written so.
        let subject = subject.or_else(|| (role == ROLE_ANONYMOUS).then(String::new))?;
        Some(Checked {
            claims: AccessClaims {
                subject,
                email,
                role,
                session,
                further: claims,
            },
            expires,
        })
    }
}

/// A number of seconds; fractions count down, as `jsonwebtoken` and `jose` treat them.
fn seconds(value: &Value) -> Option<i64> {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a date beyond the range of i64 saturates, which is still far away"
    )]
    value
        .as_i64()
        .or_else(|| value.as_f64().map(|number| number.floor() as i64))
}

fn fingerprint(token: &str) -> [u8; 32] {
    let mut name = [0; 32];
    name.copy_from_slice(digest(&SHA256, token.as_bytes()).as_ref());
    name
}

fn invalid() -> Error {
    Error::unauthenticated(codes::TOKEN_INVALID, "Invalid token")
}
