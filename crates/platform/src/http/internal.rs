//! The guard of internal routes: the key, or an allow-listed address.

use std::net::IpAddr;

use busbar_kernel::{Error, Result, Secret};
use http::HeaderMap;

use crate::Seen;

/// What opens internal routes.
#[derive(Clone, Debug, Default)]
pub(crate) struct InternalRule {
    pub(crate) key: Option<Secret>,
    pub(crate) addresses: Vec<IpAddr>,
    pub(crate) both: bool,
}

impl InternalRule {
    /// Passes the key or the address; the address alone never, when a forwarding header is there that no
    /// trusted proxy wrote.
    pub(crate) fn check(&self, headers: &HeaderMap, seen: &Seen) -> Result<()> {
        let key = self.key.as_ref().is_some_and(|key| {
            headers
                .get("x-internal-key")
                .is_some_and(|shown| equal(shown.as_bytes(), key.expose().as_bytes()))
        });
        let address = !seen.forwarded_unverified && self.addresses.contains(&seen.client);
        let passed = if self.both { key && address } else { key || address };
        if passed {
            Ok(())
        } else {
            Err(Error::forbidden("access.internal_only", "This path is internal"))
        }
    }
}

/// Compares without telling by its duration where the texts differ.
fn equal(left: &[u8], right: &[u8]) -> bool {
    left.len() == right.len() && left.iter().zip(right).fold(0, |sum, (a, b)| sum | (a ^ b)) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(client: &str, forwarded_unverified: bool) -> Seen {
        Seen {
            request_id: String::new(),
            client: client.parse().unwrap(),
            forwarded_unverified,
            path: String::new(),
            strict: false,
            credential: std::sync::OnceLock::new(),
        }
    }

    #[test]
    fn the_key_or_the_address_but_never_a_claimed_address() {
        let rule = InternalRule {
            key: Some(Secret::new("k")),
            addresses: vec!["127.0.0.1".parse().unwrap()],
            both: false,
        };
        let mut headers = HeaderMap::new();
        assert!(rule.check(&headers, &seen("127.0.0.1", false)).is_ok());
        assert!(rule.check(&headers, &seen("127.0.0.1", true)).is_err());
        assert!(rule.check(&headers, &seen("9.9.9.9", false)).is_err());
        headers.insert("x-internal-key", "k".parse().unwrap());
        assert!(rule.check(&headers, &seen("9.9.9.9", true)).is_ok());
        let both = InternalRule { both: true, ..rule };
        assert!(both.check(&headers, &seen("9.9.9.9", false)).is_err());
        assert!(both.check(&headers, &seen("127.0.0.1", false)).is_ok());
    }
}
