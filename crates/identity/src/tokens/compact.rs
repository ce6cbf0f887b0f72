//! The compact form of a signed token (RFC 7515): three parts in base64url without padding.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde_json::{Map, Value};

/// The longest token that is looked at, in bytes.
const MAX_BYTES: usize = 8 * 1024;

/// What a header may tell: which key, and which algorithm that key must then have.
#[derive(Deserialize)]
pub(super) struct Header {
    pub(super) alg: String,
    #[serde(default)]
    pub(super) kid: Option<String>,
    #[serde(default)]
    crit: Option<Value>,
}

/// A token taken apart; nothing in it is believed yet.
pub(super) struct Parts<'t> {
    pub(super) header: Header,
    pub(super) signed: &'t [u8],
    pub(super) signature: Vec<u8>,
    payload: Vec<u8>,
}

impl<'t> Parts<'t> {
    /// Takes a token apart; `None` when it is not one, or demands an extension we do not know.
    pub(super) fn of(token: &'t str) -> Option<Self> {
        if token.len() > MAX_BYTES {
            return None;
        }
        let (signed, signature) = token.rsplit_once('.')?;
        let (header, payload) = signed.split_once('.')?;
        let header: Header = serde_json::from_slice(&decode(header)?).ok()?;
        if header.crit.is_some() {
            return None;
        }
        Some(Self {
            header,
            signed: signed.as_bytes(),
            signature: decode(signature)?,
            payload: decode(payload)?,
        })
    }

    /// The claims; ask only after the signature was checked.
    pub(super) fn claims(&self) -> Option<Map<String, Value>> {
        serde_json::from_slice(&self.payload).ok()
    }
}

/// Puts a token together from its header, as already encoded, its claims and a signer.
pub(super) fn assemble<E>(
    header: &str,
    claims: &[u8],
    sign: impl FnOnce(&[u8]) -> Result<Vec<u8>, E>,
) -> Result<String, E> {
    let mut token = format!("{header}.{}", URL_SAFE_NO_PAD.encode(claims));
    let signature = sign(token.as_bytes())?;
    token.push('.');
    URL_SAFE_NO_PAD.encode_string(signature, &mut token);
    Ok(token)
}

/// Encodes one part.
pub(super) fn encode(part: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(part)
}

/// Decodes one part; padding, white space and left-over bits are refused, so a token has one spelling.
pub(super) fn decode(part: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(part).ok()
}
