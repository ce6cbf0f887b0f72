//! Who signed a request: header or query, rebuilt from the raw path and compared in constant time.

use std::time::Duration;

use busbar_files::{AccessKey, AccessKeys};
use busbar_kernel::{Actor, Clock, Error, Result, Timestamp};
use busbar_ports::sigv4::{ALGORITHM, Canonical, Scope, SigningKey, UNSIGNED_PAYLOAD, hash, is_same, when};
use http::HeaderMap;
use http::request::Parts;

use super::body::Payload;
use super::chunked::ChunkSigner;
use super::{Pairs, refusal};

/// How far a client's clock may be off.
const SKEW: Duration = Duration::from_secs(15 * 60);

/// The longest that a link may last.
const LONGEST: u32 = 604_800;

/// Whoever holds an access key.
pub(crate) struct Signer {
    /// The key.
    pub(crate) key: AccessKey,
    /// Full rights, under the key's name.
    pub(crate) actor: Actor,
    /// What the signature says of the body.
    pub(crate) payload: Payload,
}

/// A signature as a request carries it.
struct Shown<'r> {
    credential: &'r str,
    signed_headers: &'r str,
    signature: &'r str,
    moment: &'r str,
    /// The life of a link in seconds; `None` for a signature in the header.
    expires: Option<u32>,
}

/// Finds out who signed the request whose raw path, mount included, is `path`.
///
/// # Errors
/// A refusal in S3's words; trouble with the database.
pub(crate) async fn signer(
    keys: &AccessKeys,
    clock: &dyn Clock,
    parts: &Parts,
    path: &str,
    query: &Pairs,
) -> Result<Signer> {
    let shown = shown(&parts.headers, query)?;
    let (name, scope) = credential(shown.credential)?;
    let moment = when(shown.moment)
        .ok_or_else(|| denied("The date of the signature is not in the form 20260101T000000Z"))?;
    if !shown.moment.starts_with(&scope.date) {
        return Err(denied(
            "The date of the credential is not the date of the signature",
        ));
    }
    in_time(clock.now(), moment, shown.expires)?;
    let headers = signed_headers(parts, shown.signed_headers)?;
    let told = parts
        .headers
        .get("x-amz-content-sha256")
        .and_then(|value| value.to_str().ok());
    let payload = match (told, shown.expires) {
        (Some(told), None) => told,
        (None, None) => {
            return Err(refusal(
                "InvalidRequest",
                "Missing required header for this request: x-amz-content-sha256",
            ));
        }
        // A link's body is not signed unless its maker said otherwise.
        (_, Some(_)) => query.get("X-Amz-Content-Sha256").unwrap_or(UNSIGNED_PAYLOAD),
    };
    let Some((key, secret)) = keys.find(&name).await? else {
        let message = "The AWS Access Key Id you provided does not exist in our records";
        return Err(refusal("InvalidAccessKeyId", message));
    };
    let headers: Vec<(&str, &str)> = headers
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let pairs = match shown.expires {
        Some(_) => query.without("X-Amz-Signature"),
        None => query.without(""),
    };
    let canonical = Canonical {
        method: parts.method.as_str(),
        path,
        query: &pairs,
        headers: &headers,
        payload,
    };
    let signing = SigningKey::derive(&secret, &scope);
    let hashed = hash(canonical.text().as_bytes());
    if !is_same(
        &signing.sign(&scope.string_to_sign(shown.moment, &hashed)),
        shown.signature,
    ) {
        return Err(mismatch());
    }
    let payload = announced(payload, || ChunkSigner {
        key: signing,
        scope,
        moment: shown.moment.to_owned(),
        previous: shown.signature.to_owned(),
    })?;
    keys.note_use(&key).await;
    Ok(Signer {
        actor: actor(&key),
        key,
        payload,
    })
}

/// Full rights, under the key's name.
pub(crate) fn actor(key: &AccessKey) -> Actor {
    Actor::Service {
        name: format!("s3 key {}", key.access_key_id),
    }
}

/// Checks the signature over a form's policy, and answers whose it is.
pub(crate) async fn policy_signer(
    keys: &AccessKeys,
    policy: &str,
    (shown_credential, moment, signature): (&str, &str, &str),
) -> Result<AccessKey> {
    let (name, scope) = credential(shown_credential)?;
    if when(moment).is_none() || !moment.starts_with(&scope.date) {
        return Err(denied("The date of the credential is not the date of the form"));
    }
    let Some((key, secret)) = keys.find(&name).await? else {
        let message = "The AWS Access Key Id you provided does not exist in our records";
        return Err(refusal("InvalidAccessKeyId", message));
    };
    if !is_same(&SigningKey::derive(&secret, &scope).sign(policy), signature) {
        return Err(mismatch());
    }
    keys.note_use(&key).await;
    Ok(key)
}

fn shown<'r>(headers: &'r HeaderMap, query: &'r Pairs) -> Result<Shown<'r>> {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(authorization) = header("authorization") {
        let malformed = || {
            refusal(
                "AuthorizationHeaderMalformed",
                "The authorization header is malformed",
            )
        };
        let rest = authorization.strip_prefix(ALGORITHM).ok_or_else(|| {
            refusal(
                "InvalidRequest",
                "Please use AWS4-HMAC-SHA256: no other authorization is supported",
            )
        })?;
        let field = |name: &str| {
            rest.split(',')
                .filter_map(|part| part.trim().split_once('='))
                .find(|(known, _)| *known == name)
                .map(|(_, value)| value)
        };
        return Ok(Shown {
            credential: field("Credential").ok_or_else(malformed)?,
            signed_headers: field("SignedHeaders").ok_or_else(malformed)?,
            signature: field("Signature").ok_or_else(malformed)?,
            moment: header("x-amz-date")
                .ok_or_else(|| denied("AWS authentication requires a valid x-amz-date header"))?,
            expires: None,
        });
    }
    if query.get("X-Amz-Algorithm") != Some(ALGORITHM) {
        return Err(denied("Anonymous access is forbidden for this operation"));
    }
    let parameter = |name: &'static str| {
        query.get(name).ok_or_else(|| {
            refusal(
                "AuthorizationQueryParametersError",
                format!("A signed link needs the parameter {name}"),
            )
        })
    };
    let expires = parameter("X-Amz-Expires")?
        .parse()
        .ok()
        .filter(|seconds| (1..=LONGEST).contains(seconds));
    Ok(Shown {
        credential: parameter("X-Amz-Credential")?,
        signed_headers: parameter("X-Amz-SignedHeaders")?,
        signature: parameter("X-Amz-Signature")?,
        moment: parameter("X-Amz-Date")?,
        expires: Some(expires.ok_or_else(|| {
            refusal(
                "AuthorizationQueryParametersError",
                "X-Amz-Expires must be from 1 to 604800 seconds",
            )
        })?),
    })
}

/// `<name>/<day>/<region>/s3/aws4_request`; the name may hold slashes.
fn credential(text: &str) -> Result<(String, Scope)> {
    let mut parts = text.rsplitn(5, '/');
    match (
        parts.next(),
        parts.next(),
        parts.next(),
        parts.next(),
        parts.next(),
    ) {
        (Some("aws4_request"), Some("s3"), Some(region), Some(date), Some(name)) if !name.is_empty() => {
            Ok((name.to_owned(), Scope::new(date, region, "s3")))
        }
        _ => Err(refusal(
            "AuthorizationHeaderMalformed",
            "The credential is not of the form key/day/region/s3/aws4_request",
        )),
    }
}

fn in_time(now: Timestamp, signed: Timestamp, expires: Option<u32>) -> Result<()> {
    let skewed = || {
        refusal(
            "RequestTimeTooSkewed",
            "The difference between the request time and the current time is too large",
        )
    };
    if signed > now + SKEW {
        return Err(skewed());
    }
    match expires {
        None if now > signed + SKEW => Err(skewed()),
        Some(seconds) if now >= signed + Duration::from_secs(u64::from(seconds)) => {
            Err(denied("Request has expired"))
        }
        _ => Ok(()),
    }
}

/// The headers that were signed, sorted. The host and everything of Amazon's own must be among them, or whoever
/// carries the request could add to it.
fn signed_headers<'r>(parts: &Parts, names: &'r str) -> Result<Vec<(&'r str, String)>> {
    let mut names: Vec<&str> = names.split(';').collect();
    names.sort_unstable();
    let unsigned = parts
        .headers
        .keys()
        .map(http::HeaderName::as_str)
        .find(|name| name.starts_with("x-amz-") && !names.contains(name));
    if let Some(name) = unsigned.filter(|name| *name != "x-amz-content-sha256") {
        return Err(denied(format!(
            "There were headers present in the request which were not signed: {name}"
        )));
    }
    if !names.contains(&"host") {
        return Err(denied("The header host must be signed"));
    }
    let value = |name: &str| {
        let values: Vec<&str> = parts
            .headers
            .get_all(name)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .collect();
        match (values.is_empty(), name) {
            (false, _) => Ok(values.join(",")),
            // Over HTTP/2 the host comes with the address.
            (true, "host") => Ok(parts.uri.authority().map(ToString::to_string).unwrap_or_default()),
            (true, name) => Err(denied(format!("The signed header {name} did not come"))),
        }
    };
    names.into_iter().map(|name| Ok((name, value(name)?))).collect()
}

fn announced(payload: &str, signer: impl FnOnce() -> ChunkSigner) -> Result<Payload> {
    Ok(match payload {
        UNSIGNED_PAYLOAD => Payload::Unsigned,
        "STREAMING-UNSIGNED-PAYLOAD-TRAILER" => Payload::Chunks(None, true),
        "STREAMING-AWS4-HMAC-SHA256-PAYLOAD" => Payload::Chunks(Some(Box::new(signer())), false),
        "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER" => Payload::Chunks(Some(Box::new(signer())), true),
        hash if hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()) => {
            Payload::Hash(hash.to_owned())
        }
        _ => {
            return Err(refusal(
                "InvalidArgument",
                "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-… or a SHA-256",
            ));
        }
    })
}

fn denied(message: impl Into<std::borrow::Cow<'static, str>>) -> Error {
    refusal("AccessDenied", message)
}

fn mismatch() -> Error {
    let message = "The request signature we calculated does not match the signature you provided. Check your key and signing method.";
    refusal("SignatureDoesNotMatch", message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(result: Result<()>) -> Option<String> {
        result
            .err()
            .and_then(|error| error.wire_code_str().map(str::to_owned))
    }

    #[test]
    fn clocks_and_links() {
        let now = when("20260101T120000Z").unwrap();
        for (signed, expires, expected) in [
            ("20260101T120000Z", None, None),
            ("20260101T114501Z", None, None),
            ("20260101T114459Z", None, Some("RequestTimeTooSkewed")),
            ("20260101T121501Z", None, Some("RequestTimeTooSkewed")),
            ("20260101T115900Z", Some(61), None),
            ("20260101T115900Z", Some(60), Some("AccessDenied")),
            ("20251226T120000Z", Some(604_800), None),
            ("20260101T130000Z", Some(604_800), Some("RequestTimeTooSkewed")),
        ] {
            let found = code(in_time(now, when(signed).unwrap(), expires));
            assert_eq!(found.as_deref(), expected, "{signed} for {expires:?}");
        }
    }

    #[test]
    fn credentials() {
        let (name, scope) = credential("a/b/20260101/eu/s3/aws4_request").unwrap();
        assert_eq!(
            (name.as_str(), scope.text().as_str()),
            ("a/b", "20260101/eu/s3/aws4_request")
        );
        for bad in [
            "",
            "a",
            "a/20260101/eu/iam/aws4_request",
            "/20260101/eu/s3/aws4_request",
            "a/20260101/eu/s3/x",
        ] {
            assert!(credential(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_header_of_amazons_own_must_be_signed() {
        let request = http::Request::builder()
            .header("host", "h")
            .header("x-amz-acl", "public-read")
            .header("x-amz-date", "d")
            .body(())
            .unwrap();
        let parts = request.into_parts().0;
        for (names, right) in [
            ("host;x-amz-acl;x-amz-date", true),
            ("host;x-amz-date", false),
            ("x-amz-acl;x-amz-date", false),
            ("host;range;x-amz-acl;x-amz-date", false),
        ] {
            assert_eq!(signed_headers(&parts, names).is_ok(), right, "{names}");
        }
    }
}
