//! InsForge's error shape, and the table from our codes to its own (InsForge's contract, 1.2, 1.4).

use axum::response::Response;
use busbar_identity::codes;
use busbar_kernel::{Error, Kind};
use busbar_platform::Seen;
use busbar_platform::http::failure::{json_response, status};
use http::StatusCode;
use serde_json::json;

use crate::rest_errors;

/// Our dotted codes and InsForge's; a code that is not here takes the word of its kind.
static CODES: &[(&str, &str)] = &[
    ("access.no_credential", "AUTH_INVALID_CREDENTIALS"),
    ("access.token_invalid", "AUTH_UNAUTHORIZED"),
    ("access.admin_required", "AUTH_UNAUTHORIZED"),
    ("access.rate_limited", "TOO_MANY_REQUESTS"),
    ("bucket.not_found", "STORAGE_NOT_FOUND"),
    ("object.not_found", "STORAGE_NOT_FOUND"),
    ("access_key.not_found", "S3_ACCESS_KEY_NOT_FOUND"),
    ("files.bucket_exists", "STORAGE_ALREADY_EXISTS"),
    ("files.access_keys_full", "S3_ACCESS_KEY_LIMIT_EXCEEDED"),
    ("files.quota", "STORAGE_INSUFFICIENT_QUOTA"),
    ("files.bucket_missing", "DATABASE_CONSTRAINT_VIOLATION"),
    ("files.denied", "STORAGE_PERMISSION_DENIED"),
    ("files.link_expired", "STORAGE_PERMISSION_DENIED"),
    ("files.link_invalid", "STORAGE_PERMISSION_DENIED"),
    ("input.malformed_json", "INVALID_INPUT"),
    ("row.not_found", "DATABASE_NOT_FOUND"),
    ("publication.not_found", "DATABASE_NOT_FOUND"),
    ("backup.not_found", "DATABASE_NOT_FOUND"),
    ("workbench.backup_busy", "DATABASE_CONSTRAINT_VIOLATION"),
    ("workbench.backup_unusable", "DATABASE_VALIDATION_ERROR"),
    ("workbench.backups_full", "DATABASE_VALIDATION_ERROR"),
    ("workbench.migration_exists", "DATABASE_MIGRATION_ALREADY_EXISTS"),
    ("workbench.migration_refused", "DATABASE_FORBIDDEN"),
    ("database.schema_protected", "DATABASE_FORBIDDEN"),
    ("data.column_reserved", "DATABASE_VALIDATION_ERROR"),
    ("store.no_tools", "DATABASE_INTERNAL_ERROR"),
    ("store.tools_refused", "DATABASE_INTERNAL_ERROR"),
    ("workbench.sql_refused", "FORBIDDEN"),
    ("workbench.sql_restricted", "FORBIDDEN"),
    (codes::API_KEY_INVALID, "AUTH_INVALID_API_KEY"),
    (codes::ANON_KEY_INVALID, "AUTH_INVALID_CREDENTIALS"),
    (codes::NOT_A_USER, "AUTH_INVALID_CREDENTIALS"),
    (codes::SIGN_UP_DISABLED, "AUTH_SIGNUP_DISABLED"),
    (codes::EMAIL_TAKEN, "AUTH_EMAIL_EXISTS"),
    (codes::USER_NOT_FOUND, "AUTH_USER_NOT_FOUND"),
    (codes::MAIL_NOT_CONFIGURED, "EMAIL_PROVIDER_NOT_CONFIGURED"),
    (codes::MAIL_FAILED, "AUTH_VERIFICATION_EMAIL_DELIVERY_FAILED"),
];

/// Writes an error in InsForge's shape.
pub fn shape(error: &Error, seen: &Seen) -> Response {
    // Unknown paths and methods below the PostgREST root are answered as PostgREST would.
    if rest_errors::is_below_root(&seen.path) {
        return rest_errors::shape(error, seen);
    }
    shaped(error, seen, code(error))
}

/// The same on the routes of storage, which have a word of their own for input that does not fit.
pub fn storage_shape(error: &Error, seen: &Seen) -> Response {
    let listed = CODES.iter().any(|(ours, _)| *ours == error.code_str());
    match error.kind() {
        Kind::Invalid | Kind::TooLarge if !listed => shaped(error, seen, "STORAGE_INVALID_PARAMETER"),
        _ => shape(error, seen),
    }
}

/// The same on the routes that manage tables: SQLSTATEs take InsForge's words and statuses (InsForge's contract, 1.2).
pub fn database_shape(error: &Error, seen: &Seen) -> Response {
    let Some(state) = error.wire_code_str() else {
        return shape(error, seen);
    };
    let listed = SQLSTATES.iter().find(|(known, ..)| *known == state);
    // A table that the request itself names is not found; one that its SQL speaks of makes the SQL wrong.
    if error.code_str() == "data.undefined_table" {
        return written(error, seen, "DATABASE_NOT_FOUND", StatusCode::NOT_FOUND);
    }
    let (code, status) = match (listed, error.kind()) {
        (Some((_, code, status)), _) => (*code, *status),
        (None, Kind::Internal | Kind::Unavailable | Kind::Timeout) => return shape(error, seen),
        (None, _) => ("DATABASE_VALIDATION_ERROR", 400),
    };
    written(
        error,
        seen,
        code,
        StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST),
    )
}

/// SQLSTATEs, InsForge's words for them, and the status of each.
static SQLSTATES: &[(&str, &str, u16)] = &[
    ("23505", "DATABASE_DUPLICATE", 409),
    ("42P07", "DATABASE_DUPLICATE", 400),
    ("42710", "DATABASE_DUPLICATE", 409),
    ("23503", "DATABASE_CONSTRAINT_VIOLATION", 400),
    ("23502", "MISSING_FIELD", 400),
    ("42704", "DATABASE_NOT_FOUND", 404),
    ("42501", "FORBIDDEN", 403),
    ("0A000", "DATABASE_VALIDATION_ERROR", 400),
    ("PGRST106", "INVALID_INPUT", 400),
];

/// The codes whose status is not that of their kind.
static STATUSES: &[(&str, StatusCode)] = &[("files.access_keys_full", StatusCode::BAD_REQUEST)];

fn shaped(error: &Error, seen: &Seen, code: &str) -> Response {
    let listed = STATUSES.iter().find(|(ours, _)| *ours == error.code_str());
    let status = listed.map_or_else(|| status(error.kind()), |(_, status)| *status);
    written(error, seen, code, status)
}

fn written(error: &Error, seen: &Seen, code: &str, status: StatusCode) -> Response {
    let message = match (error.field_str(), error.kind()) {
        (Some(field), Kind::Invalid) if field != "body" && !begins_with(error.message(), field) => {
            format!("{field}: {}", error.message())
        }
        _ => error.message().to_owned(),
    };
    let mut body = json!({ "error": code, "message": message, "statusCode": status.as_u16() });
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

fn begins_with(message: &str, field: &str) -> bool {
    let start = message.get(..field.len());
    start.is_some_and(|start| start.eq_ignore_ascii_case(field))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn postgresqls_programs_that_are_missing_or_refuse_are_the_databases_trouble() {
        for ours in ["store.no_tools", "store.tools_refused"] {
            let error = Error::new(Kind::Unavailable, ours, "they refuse");
            assert_eq!(code(&error), "DATABASE_INTERNAL_ERROR");
        }
    }
}
