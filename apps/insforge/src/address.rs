//! The address under which the caller reaches this server, for absolute links.

use std::convert::Infallible;

use axum::extract::{FromRequestParts, OriginalUri};
use http::header;
use http::request::Parts;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::Services;

/// What `encodeURIComponent` leaves as it is, so that links look as clients make them.
const COMPONENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'!')
    .remove(b'~')
    .remove(b'*')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')');

/// `API_BASE_URL`, else the request's own host and the app's mount; no slash at its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Address(String);

impl Address {
    /// The address of a path below the app's mount.
    pub(crate) fn below(&self, path: &str) -> String {
        format!("{}{path}", self.0)
    }

    /// The address of an object, its key percent-encoded.
    pub(crate) fn of_object(&self, bucket: &str, key: &str) -> String {
        self.below(&object_path(bucket, key))
    }
}

/// The path of an object below the app's mount, its key percent-encoded.
pub fn object_path(bucket: &str, key: &str) -> String {
    format!("/api/storage/buckets/{bucket}/objects/{}", component(key))
}

/// A text as one part of an address.
pub(crate) fn component(text: &str) -> String {
    utf8_percent_encode(text, COMPONENT).to_string()
}

impl FromRequestParts<Services> for Address {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, services: &Services) -> Result<Self, Infallible> {
        if let Some(configured) = &services.base_url {
            return Ok(Self(configured.trim_end_matches('/').to_owned()));
        }
        let original = parts
            .extensions
            .get::<OriginalUri>()
            .map_or(&parts.uri, |uri| &uri.0);
        let mount = original.path().split("/api/").next().unwrap_or_default();
        let named = parts
            .headers
            .get(header::HOST)
            .and_then(|value| value.to_str().ok());
        let host = named.or_else(|| parts.uri.authority().map(|authority| authority.as_str()));
        let host = host.filter(|host| is_plain(host)).unwrap_or("localhost");
        Ok(Self(format!("http://{host}{mount}")))
    }
}

fn is_plain(host: &str) -> bool {
    host.bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b".-_:[]".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_encoded_as_the_client_does() {
        let address = Address("https://x.example".to_owned());
        assert_eq!(
            address.of_object("b", "dir/ä b+c?.bin"),
            "https://x.example/api/storage/buckets/b/objects/dir%2F%C3%A4%20b%2Bc%3F.bin"
        );
        assert!(is_plain("[::1]:7130") && !is_plain("a/b") && !is_plain("a\" onload"));
    }
}
