//! The error table: S3's codes and statuses, and what each becomes (Amazon S3 API reference, "Error responses").

use busbar_kernel::Error;
use reqwest::{Response, StatusCode};
use serde::Deserialize;

/// The most of an error's body that is read.
const MOST: usize = 64 * 1024;

/// An error as S3 writes it.
#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Body {
    pub(super) code: String,
    pub(super) message: String,
    region: Option<String>,
}

/// Reads an answer that is not a success.
pub(super) async fn of(mut answer: Response) -> Error {
    let status = answer.status();
    let mut text = Vec::new();
    while let Ok(Some(chunk)) = answer.chunk().await {
        text.extend_from_slice(&chunk);
        if text.len() > MOST {
            break;
        }
    }
    let body = quick_xml::de::from_str(&String::from_utf8_lossy(&text)).unwrap_or_default();
    from(status, &body)
}

/// What an error of S3 becomes.
pub(super) fn from(status: StatusCode, body: &Body) -> Error {
    let told = match body.code.as_str() {
        "NoSuchKey" => Error::not_found("object"),
        "InvalidRange" => out_of_range(),
        "NoSuchBucket"
        | "AccessDenied"
        | "AllAccessDisabled"
        | "InvalidAccessKeyId"
        | "SignatureDoesNotMatch"
        | "InvalidToken"
        | "ExpiredToken"
        | "RequestTimeTooSkewed"
        | "PermanentRedirect"
        | "AuthorizationHeaderMalformed" => unreachable().temporary(false),
        "SlowDown" | "ServiceUnavailable" | "InternalError" | "RequestTimeout" | "BadDigest"
        | "OperationAborted" => unreachable(),
        "XMinioStorageFull" | "QuotaExceeded" | "InsufficientStorage" => {
            Error::unavailable("objects.full", "There is no room left for files").temporary(false)
        }
        _ if status == StatusCode::NOT_FOUND => Error::not_found("object"),
        _ if status == StatusCode::RANGE_NOT_SATISFIABLE => out_of_range(),
        _ if status == StatusCode::TOO_MANY_REQUESTS || status.is_server_error() => unreachable(),
        _ => unreachable().temporary(false),
    };
    let mut told = told
        .with("status", status.as_str())
        .with("s3_code", body.code.as_str());
    if !body.message.is_empty() {
        told = told.with("s3_message", body.message.as_str());
    }
    match &body.region {
        Some(region) => told.with("region_of_the_bucket", region.as_str()),
        None => told,
    }
}

/// No connection, or one that broke.
pub(super) fn broken(error: reqwest::Error) -> Error {
    // The address of a link holds its signature, which is worth as much as a password.
    unreachable().source(error.without_url())
}

/// A part that is not there.
pub(super) fn out_of_range() -> Error {
    Error::invalid("range", "The file has no such part").code("objects.range")
}

fn unreachable() -> Error {
    Error::unavailable("objects.unavailable", "The files cannot be reached at the moment")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_pass_and_what_will_not() {
        for (status, code, expected, temporary) in [
            (404, "NoSuchKey", "object.not_found", false),
            (404, "NoSuchBucket", "objects.unavailable", false),
            (403, "SignatureDoesNotMatch", "objects.unavailable", false),
            (403, "RequestTimeTooSkewed", "objects.unavailable", false),
            (503, "SlowDown", "objects.unavailable", true),
            (400, "RequestTimeout", "objects.unavailable", true),
            (500, "", "objects.unavailable", true),
            (416, "InvalidRange", "objects.range", false),
            (507, "XMinioStorageFull", "objects.full", false),
            (400, "Strange", "objects.unavailable", false),
        ] {
            let body = Body {
                code: code.to_owned(),
                ..Body::default()
            };
            let error = from(StatusCode::from_u16(status).unwrap(), &body);
            assert_eq!(
                (error.code_str(), error.is_temporary()),
                (expected, temporary),
                "{code}"
            );
        }
    }
}
