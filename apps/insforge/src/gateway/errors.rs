//! Errors in S3's words and XML (Amazon S3 API reference, "Error responses").

use axum::body::Body;
use axum::response::Response;
use busbar_kernel::{Error, Kind};
use busbar_platform::Seen;
use busbar_platform::http::failure::status;
use http::{HeaderValue, StatusCode, header};

use super::xml::text;

/// S3's codes that the gateway answers by itself, and the status of each.
static CODES: &[(&str, u16)] = &[
    ("AccessDenied", 403),
    ("AuthorizationHeaderMalformed", 400),
    ("AuthorizationQueryParametersError", 400),
    ("BadDigest", 400),
    ("EntityTooLarge", 400),
    ("EntityTooSmall", 400),
    ("IncompleteBody", 400),
    ("InvalidAccessKeyId", 403),
    ("InvalidArgument", 400),
    ("InvalidBucketName", 400),
    ("InvalidDigest", 400),
    ("InvalidPolicyDocument", 400),
    ("InvalidRange", 416),
    ("InvalidRequest", 400),
    ("MalformedPOSTRequest", 400),
    ("MalformedXML", 400),
    ("MethodNotAllowed", 405),
    ("NoSuchBucketPolicy", 404),
    ("NoSuchCORSConfiguration", 404),
    ("NoSuchLifecycleConfiguration", 404),
    ("NoSuchTagSet", 404),
    ("NotImplemented", 501),
    ("ObjectLockConfigurationNotFoundError", 404),
    ("PreconditionFailed", 412),
    ("RequestTimeTooSkewed", 403),
    ("ServerSideEncryptionConfigurationNotFoundError", 404),
    ("SignatureDoesNotMatch", 403),
    ("XAmzContentSHA256Mismatch", 400),
];

/// Our dotted codes and S3's.
static OURS: &[(&str, &str, u16)] = &[
    ("bucket.not_found", "NoSuchBucket", 404),
    ("object.not_found", "NoSuchKey", 404),
    ("upload.not_found", "NoSuchUpload", 404),
    ("files.bucket_exists", "BucketAlreadyOwnedByYou", 409),
    ("files.bucket_name_invalid", "InvalidBucketName", 400),
    ("files.bucket_not_empty", "BucketNotEmpty", 409),
    ("files.changed", "OperationAborted", 409),
    ("files.key_invalid", "InvalidArgument", 400),
    ("files.metadata_too_large", "MetadataTooLarge", 400),
    ("files.part_invalid", "InvalidPart", 400),
    ("files.part_order", "InvalidPartOrder", 400),
    ("files.part_too_small", "EntityTooSmall", 400),
    ("files.precondition", "PreconditionFailed", 412),
    ("files.tags_invalid", "InvalidTag", 400),
    ("input.body_broken", "IncompleteBody", 400),
    ("input.body_stalled", "RequestTimeout", 400),
    ("input.too_large", "EntityTooLarge", 400),
    ("objects.full", "ServiceUnavailable", 503),
    ("objects.range", "InvalidRange", 416),
    ("objects.too_large", "EntityTooLarge", 400),
];

/// A refusal in S3's own words; `code` is one of the table above.
pub(crate) fn refusal(code: &'static str, message: impl Into<std::borrow::Cow<'static, str>>) -> Error {
    let status = CODES
        .iter()
        .find(|(known, _)| *known == code)
        .map(|(_, status)| *status);
    let kind = match status {
        Some(401 | 403) => Kind::Forbidden,
        Some(404) => Kind::NotFound,
        Some(405 | 501) => Kind::Unsupported,
        Some(409 | 412) => Kind::Conflict,
        _ => Kind::Invalid,
    };
    Error::new(kind, "s3.refused", message).wire_code(code)
}

/// S3's code and status of an error.
pub(crate) fn code(error: &Error) -> (&str, StatusCode) {
    let known = |status: u16| StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
    if let Some(code) = error.wire_code_str()
        && let Some((_, status)) = CODES.iter().find(|(listed, _)| *listed == code)
    {
        return (code, known(*status));
    }
    if let Some((_, code, status)) = OURS.iter().find(|(ours, ..)| *ours == error.code_str()) {
        return (code, known(*status));
    }
    match error.kind() {
        Kind::Invalid => ("InvalidArgument", StatusCode::BAD_REQUEST),
        Kind::Unauthenticated | Kind::Forbidden => ("AccessDenied", StatusCode::FORBIDDEN),
        Kind::NotFound => ("NoSuchKey", StatusCode::NOT_FOUND),
        Kind::Conflict => ("OperationAborted", StatusCode::CONFLICT),
        Kind::TooLarge => ("EntityTooLarge", StatusCode::BAD_REQUEST),
        Kind::RateLimited => ("SlowDown", StatusCode::SERVICE_UNAVAILABLE),
        Kind::Unsupported => ("MethodNotAllowed", StatusCode::METHOD_NOT_ALLOWED),
        Kind::Unavailable => ("ServiceUnavailable", StatusCode::SERVICE_UNAVAILABLE),
        Kind::Timeout => ("RequestTimeout", StatusCode::BAD_REQUEST),
        Kind::Internal => ("InternalError", status(Kind::Internal)),
    }
}

/// Writes an error as S3 does.
pub(crate) fn shape(error: &Error, seen: &Seen) -> Response {
    let (code, status) = code(error);
    let message = match (error.field_str(), error.kind()) {
        (Some(field), Kind::Invalid) => format!("{field}: {}", error.message()),
        _ => error.message().to_owned(),
    };
    let body = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{code}</Code><Message>{}</Message>\
         <Resource>{}</Resource><RequestId>{}</RequestId></Error>",
        text(&message),
        text(&seen.path),
        text(&seen.request_id),
    );
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    let xml = HeaderValue::from_static("application/xml");
    response.headers_mut().insert(header::CONTENT_TYPE, xml);
    response
}
