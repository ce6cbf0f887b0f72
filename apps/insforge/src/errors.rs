//! InsForge's error shape, and the table from our codes to its own (`insforge.md` 1.2, 1.4).

use axum::response::Response;
use busbar_kernel::{Error, Kind};
use busbar_platform::Seen;
use busbar_platform::http::failure::{json_response, status};
use serde_json::json;

/// Our dotted codes and InsForge's; a code that is not here takes the word of its kind.
static CODES: &[(&str, &str)] = &[
    ("access.no_credential", "AUTH_INVALID_CREDENTIALS"),
    ("access.token_invalid", "AUTH_UNAUTHORIZED"),
    ("access.admin_required", "AUTH_UNAUTHORIZED"),
    ("access.rate_limited", "TOO_MANY_REQUESTS"),
];

/// Writes an error in InsForge's shape.
pub fn shape(error: &Error, seen: &Seen) -> Response {
    let status = status(error.kind());
    let message = match (error.field_str(), error.kind()) {
        (Some(field), Kind::Invalid) if field != "body" && !error.message().starts_with(field) => {
            format!("{field}: {}", error.message())
        }
        _ => error.message().to_owned(),
    };
    let mut body = json!({ "error": code(error), "message": message, "statusCode": status.as_u16() });
    if let Some(hint) = error.hint_str() {
        body["nextActions"] = hint.into();
    }
    if error.kind() == Kind::Internal {
        body["requestId"] = seen.request_id.as_str().into();
    }
    json_response(status, &body)
}

/// InsForge's code of an error.
pub fn code(error: &Error) -> &'static str {
    let listed = CODES.iter().find(|(ours, _)| *ours == error.code_str());
    listed.map_or_else(|| code_of_kind(error.kind()), |(_, theirs)| theirs)
}

fn code_of_kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Invalid | Kind::TooLarge => "INVALID_INPUT",
        Kind::Unauthenticated => "AUTH_UNAUTHORIZED",
        Kind::Forbidden => "FORBIDDEN",
        Kind::NotFound => "NOT_FOUND",
        Kind::Conflict => "ALREADY_EXISTS",
        Kind::RateLimited => "TOO_MANY_REQUESTS",
        Kind::Unsupported => "NOT_IMPLEMENTED",
        Kind::Unavailable => "UPSTREAM_FAILURE",
        Kind::Timeout | Kind::Internal => "INTERNAL_ERROR",
    }
}
