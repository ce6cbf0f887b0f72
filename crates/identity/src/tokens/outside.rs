//! Tokens that others sign with the shared secret: HS256, by the directory's policy.

use aws_lc_rs::hmac;
use serde_json::{Map, Value};

use super::{ROLE_ANONYMOUS, ROLE_OPERATOR, ROLE_USER};

/// What a directory accepts from those who share its signing secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum OutsideTokens {
    /// Nothing: only our own tokens count.
    #[default]
    Refused,
    /// Users only: with `exp`, never the operator's role, never a token that carries `type`.
    Safe,
    /// As InsForge does: `exp` may be missing and the operator's role counts.
    Original,
}

impl OutsideTokens {
    /// The one algorithm of the shared secret.
    pub(super) const ALGORITHM: &str = "HS256";

    /// Whether the shared secret signed the message.
    pub(super) fn check(key: &hmac::Key, message: &[u8], signature: &[u8]) -> bool {
        hmac::verify(key, message, signature).is_ok()
    }

    /// Whether the policy lets claims through whose signature is good.
    pub(super) fn admits(self, claims: &Map<String, Value>) -> bool {
        let role = claims.get("role");
        let is = |name: &str| role.is_some_and(|role| role == name);
        // The anonymous role has less than every user's.
        let is_user = role.is_none() || is(ROLE_USER) || is(ROLE_ANONYMOUS);
        match self {
            Self::Refused => false,
            Self::Safe => is_user && claims.contains_key("exp") && !claims.contains_key("type"),
            Self::Original => is_user || is(ROLE_OPERATOR),
        }
    }
}
