//! Refresh tokens: sealed with a message code, and good only while the session in the database says so.
//!
//! A token is `rt_` and base64url of: version, kind, session (16 bytes), generation (4), nonce (16), and an
//! HMAC-SHA256 over all of it. The code lets a forged token be refused without asking the database, and makes
//! a token's successor computable: callers who refresh at the same moment receive the same one. The nonce
//! stays for the whole session, so the CSRF value derived from it does too.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use busbar_kernel::Secret;
use uuid::Uuid;

use crate::sessions::SessionKind;

const PREFIX: &str = "rt_";
const VERSION: u8 = 1;
const BODY_BYTES: usize = 38;
const CODE_BYTES: usize = 32;

/// What a refresh token says; the database decides whether it still counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RefreshToken {
    pub(crate) kind: SessionKind,
    pub(crate) session: Uuid,
    /// How often the session was refreshed when the token was made.
    pub(crate) generation: u32,
    pub(crate) nonce: [u8; 16],
}

impl RefreshToken {
    /// The token that takes this one's place.
    pub(crate) fn successor(self) -> Self {
        Self {
            generation: self.generation.saturating_add(1),
            ..self
        }
    }

    fn body(&self) -> [u8; BODY_BYTES] {
        let mut body = [0; BODY_BYTES];
        body[0] = VERSION;
        body[1] = self.kind.byte();
        body[2..18].copy_from_slice(self.session.as_bytes());
        body[18..22].copy_from_slice(&self.generation.to_be_bytes());
        body[22..].copy_from_slice(&self.nonce);
        body
    }

    fn from_body(body: &[u8]) -> Option<Self> {
        let body: &[u8; BODY_BYTES] = body.try_into().ok()?;
        if body[0] != VERSION {
            return None;
        }
        Some(Self {
            kind: SessionKind::from_byte(body[1])?,
            session: Uuid::from_slice(&body[2..18]).ok()?,
            generation: u32::from_be_bytes(body[18..22].try_into().ok()?),
            nonce: body[22..].try_into().ok()?,
        })
    }
}

/// Writes and reads the refresh tokens and CSRF values of one directory.
pub(crate) struct RefreshTokens {
    seal: hmac::Key,
    csrf: hmac::Key,
}

impl RefreshTokens {
    /// Keys of its own for every directory and purpose, derived from the signing secret.
    pub(crate) fn new(directory: &str, signing: &Secret) -> Self {
        let root = hmac::Key::new(hmac::HMAC_SHA256, signing.expose().as_bytes());
        let derive = |purpose: &str| {
            let label = format!("busbar:{purpose}:v1:{directory}");
            hmac::Key::new(hmac::HMAC_SHA256, hmac::sign(&root, label.as_bytes()).as_ref())
        };
        Self {
            seal: derive("refresh"),
            csrf: derive("csrf"),
        }
    }

    /// The text of a token.
    pub(crate) fn write(&self, token: &RefreshToken) -> Secret {
        let mut bytes = token.body().to_vec();
        bytes.extend_from_slice(hmac::sign(&self.seal, &token.body()).as_ref());
        Secret::new(format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(bytes)))
    }

    /// The token in a text; `None` when we did not write it for this directory.
    pub(crate) fn read(&self, text: &Secret) -> Option<RefreshToken> {
        let text = text.expose().strip_prefix(PREFIX)?;
        if text.len() > 2 * (BODY_BYTES + CODE_BYTES) {
            return None;
        }
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (body, code) = bytes.split_at_checked(BODY_BYTES)?;
        hmac::verify(&self.seal, body, code).ok()?;
        RefreshToken::from_body(body)
    }

    /// What the database keeps of a token: its SHA-256.
    pub(crate) fn stored(&self, token: &RefreshToken) -> String {
        hex::encode(digest(&SHA256, self.write(token).expose().as_bytes()))
    }

    /// The value that a browser must send beside the cookie; the same for a whole session.
    pub(crate) fn csrf(&self, token: &RefreshToken) -> String {
        let text = format!(
            "{}:{}:{}",
            token.kind.word(),
            token.session,
            hex::encode(token.nonce)
        );
        hex::encode(hmac::sign(&self.csrf, text.as_bytes()))
    }

    /// Whether a shown CSRF value belongs to the token's session, in constant time.
    pub(crate) fn is_csrf(&self, token: &RefreshToken, shown: &str) -> bool {
        verify_slices_are_equal(self.csrf(token).as_bytes(), shown.as_bytes()).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token() -> RefreshToken {
        RefreshToken {
            kind: SessionKind::User,
            session: Uuid::from_u128(7),
            generation: 3,
            nonce: [9; 16],
        }
    }

    #[test]
    fn a_token_reads_back_and_every_change_is_seen() {
        let tokens = RefreshTokens::new("insforge", &Secret::new("s".repeat(32)));
        let text = tokens.write(&token());
        assert_eq!(tokens.read(&text), Some(token()));
        for at in PREFIX.len()..text.expose().len() {
            let mut changed = text.expose().as_bytes().to_vec();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            let changed = Secret::new(String::from_utf8(changed).unwrap());
            assert_eq!(tokens.read(&changed), None, "a change at {at} was accepted");
        }
        for malformed in ["", "rt_", "rt_AAAA", &"A".repeat(9000)] {
            assert_eq!(tokens.read(&Secret::new(malformed)), None);
        }
    }

    #[test]
    fn another_directory_or_secret_reads_nothing() {
        let secret = Secret::new("s".repeat(32));
        let text = RefreshTokens::new("insforge", &secret).write(&token());
        assert_eq!(RefreshTokens::new("school", &secret).read(&text), None);
        assert_eq!(
            RefreshTokens::new("insforge", &Secret::new("t".repeat(32))).read(&text),
            None
        );
    }

    #[test]
    fn csrf_is_stable_over_rotation_and_differs_between_sessions() {
        let tokens = RefreshTokens::new("insforge", &Secret::new("s".repeat(32)));
        let csrf = tokens.csrf(&token());
        assert_eq!(csrf, tokens.csrf(&token().successor()));
        assert!(tokens.is_csrf(&token().successor(), &csrf));
        let other = RefreshToken {
            session: Uuid::from_u128(8),
            ..token()
        };
        assert!(!tokens.is_csrf(&other, &csrf));
        assert_ne!(tokens.write(&token()), tokens.write(&token().successor()));
    }
}
