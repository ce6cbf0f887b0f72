//! A JSON body as a typed input, with the name of the field that does not fit.

use axum::body::Body;
use axum::extract::{FromRequest, Request};
use busbar_kernel::{Error, Kind};
use bytes::Bytes;
use http_body_util::{BodyExt, LengthLimitError};
use serde::de::DeserializeOwned;

use super::steady::Stalled;
use crate::Failure;

const DEEPEST: usize = 100;

/// A JSON body. An absent content type counts as JSON; an empty body counts as `{}`.
pub struct Input<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Input<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, _state: &S) -> Result<Self, Failure> {
        let bytes = read_whole(request.into_body()).await?;
        Ok(Self(parse(&bytes)?))
    }
}

/// The whole body, within the route's limit.
///
/// # Errors
/// `TooLarge` above the limit, `Invalid` when the client goes away, or sends less than a kilobyte a second for long.
pub async fn read_whole(body: Body) -> Result<Bytes, Error> {
    let collected = body.collect().await;
    collected
        .map(http_body_util::Collected::to_bytes)
        .map_err(body_error)
}

/// What went wrong while a body was read.
pub fn body_error(error: axum::Error) -> Error {
    let mut next: Option<&(dyn std::error::Error + 'static)> = Some(&error);
    while let Some(current) = next {
        if current.is::<LengthLimitError>() {
            return too_large();
        }
        if current.is::<Stalled>() {
            let message = "The body did not keep coming: send it faster, or again";
            return Error::new(Kind::Invalid, "input.body_stalled", message);
        }
        next = current.source();
    }
    Error::new(
        Kind::Invalid,
        "input.body_broken",
        "The body ended before it was complete",
    )
    .source(error)
}

/// The error for a body above its limit.
pub(crate) fn too_large() -> Error {
    Error::new(
        Kind::TooLarge,
        "input.too_large",
        "The body is larger than this route accepts",
    )
}

/// Reads JSON into `T`; nesting is bounded so that no input can exhaust the stack.
///
/// # Errors
/// `Invalid`, with the path of the offending value as its field.
pub fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Error> {
    let bytes: &[u8] = if bytes.iter().all(u8::is_ascii_whitespace) {
        b"{}"
    } else {
        bytes
    };
    if depth(bytes) > DEEPEST {
        return Err(Error::invalid(
            "body",
            format!("JSON may be nested {DEEPEST} levels deep at most"),
        ));
    }
    // Serde would fill a struct from an array by position, and a wrong body would count as a right one.
    if bytes.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'[') {
        return Err(Error::invalid(
            "body",
            "The body must be a JSON object, not an array",
        ));
    }
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = error.path().to_string();
        let inner = error.into_inner();
        if let Some((name, known)) = unknown_field(&inner) {
            return Error::invalid(within(&path, &name), known);
        }
        let field = if path == "." { "body".to_owned() } else { path };
        let code = if inner.is_data() {
            "input.invalid"
        } else {
            "input.malformed_json"
        };
        Error::invalid(field, sentence(&inner)).code(code)
    })?;
    reader
        .end()
        .map_err(|error| Error::invalid("body", sentence(&error)).code("input.malformed_json"))?;
    Ok(value)
}

/// The name of a field that an object does not have, and a sentence about those it has.
fn unknown_field(error: &serde_json::Error) -> Option<(String, String)> {
    let text = error.to_string();
    let (name, rest) = text.strip_prefix("unknown field `")?.split_once("`, ")?;
    let known: Vec<&str> = rest.split('`').skip(1).step_by(2).collect();
    let message = match known.as_slice() {
        [] => "Unknown field: none is taken here".to_owned(),
        known => format!("Unknown field: those known here are {}", known.join(", ")),
    };
    Some((name.to_owned(), message))
}

/// The path of a field of the object at `path`.
fn within(path: &str, name: &str) -> String {
    match path {
        "." => name.to_owned(),
        path if path == name || path.ends_with(&format!(".{name}")) => path.to_owned(),
        path => format!("{path}.{name}"),
    }
}

fn sentence(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text
        .strip_prefix("missing field `")
        .and_then(|rest| rest.split_once('`'))
    {
        Some((name, _)) => format!("{name}: Required"),
        None => text,
    }
}

/// The deepest nesting of brackets outside of strings; a cheap look before the parser recurses.
fn depth(bytes: &[u8]) -> usize {
    let (mut depth, mut deepest, mut in_text, mut escaped) = (0usize, 0usize, false, false);
    for byte in bytes {
        match (in_text, byte) {
            (true, _) if escaped => escaped = false,
            (true, b'\\') => escaped = true,
            (true, b'"') => in_text = false,
            (true, _) => {}
            (false, b'"') => in_text = true,
            (false, b'[' | b'{') => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            (false, b']' | b'}') => depth = depth.saturating_sub(1),
            (false, _) => {}
        }
    }
    deepest
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, Deserialize)]
    struct Outer {
        inner: Inner,
    }
    #[derive(Debug, Deserialize)]
    struct Inner {
        count: u8,
    }

    #[test]
    fn the_field_is_named() {
        assert_eq!(
            parse::<Outer>(br#"{"inner":{"count":7}}"#).unwrap().inner.count,
            7
        );
        let error = parse::<Outer>(br#"{"inner":{"count":300}}"#).unwrap_err();
        assert_eq!(error.field_str(), Some("inner.count"));
        let error = parse::<Outer>(br#"{"inner":{}}"#).unwrap_err();
        assert_eq!(error.message(), "count: Required");
        let error = parse::<Outer>(b"{\"inner\":").unwrap_err();
        assert_eq!(error.code_str(), "input.malformed_json");
        assert_eq!(parse::<Outer>(b"{} x").unwrap_err().kind(), Kind::Invalid);
    }

    #[test]
    fn an_unknown_field_is_named_where_none_is_ignored() {
        #[derive(Debug, Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Strict {
            #[serde(default)]
            roles: Vec<String>,
            parts: Option<Vec<Strict>>,
        }
        let read = |text: &str| parse::<Strict>(text.as_bytes());
        let known = read(r#"{"roles":["a"],"parts":[{}]}"#).unwrap();
        assert_eq!((known.roles.len(), known.parts.unwrap().len()), (1, 1));
        let error = read(r#"{"role":"a"}"#).unwrap_err();
        assert_eq!((error.kind(), error.field_str()), (Kind::Invalid, Some("role")));
        assert_eq!(
            error.message(),
            "Unknown field: those known here are roles, parts"
        );
        let error = read(r#"{"parts":[{"roles":[]},{"role":"a"}]}"#).unwrap_err();
        assert_eq!(error.field_str(), Some("parts[1].role"));
        assert!(
            read(r#"{"parts":[{"role":"a"}]}"#)
                .unwrap_err()
                .message()
                .starts_with("Unknown field")
        );
        assert!(parse::<Outer>(br#"{"inner":{"count":7,"more":1}}"#).is_ok());
    }

    #[test]
    fn an_array_does_not_fill_an_object_by_position() {
        let error = parse::<Inner>(b" [7]").unwrap_err();
        assert_eq!((error.kind(), error.field_str()), (Kind::Invalid, Some("body")));
    }

    #[test]
    fn bottomless_json_is_refused_before_it_is_parsed() {
        let deep = format!("{}1{}", "{\"a\":".repeat(10_000), "}".repeat(10_000));
        let error = parse::<serde_json::Value>(deep.as_bytes()).unwrap_err();
        assert!(error.message().contains("nested"));
        assert!(parse::<serde_json::Value>(br#""[[[[""#).is_ok());
    }
}
