//! PostgREST's error shape, for everything below `/rest/v1` (PostgREST's contract, 9).

use axum::response::Response;
use busbar_data::{Role, postgrest_error, postgrest_headers};
use busbar_kernel::{Error, Kind};
use busbar_platform::Seen;
use busbar_platform::http::failure::{json_response, status, with_report};
use http::{HeaderName, HeaderValue, StatusCode, header};

/// Where the plain PostgREST root is, below the app's mount.
pub(crate) const ROOT: &str = "/rest/v1";

/// Whether a path is below the root, whatever the app's mount is.
pub(crate) fn is_below_root(path: &str) -> bool {
    path.split_once(ROOT).is_some_and(|(before, after)| {
        !before.contains("/api/") && (after.is_empty() || after.starts_with('/'))
    })
}

/// Writes an error in PostgREST's shape.
pub fn shape(error: &Error, seen: &Seen) -> Response {
    match error.code_str() {
        "request.path_unknown" => written(
            &Error::new(
                Kind::NotFound,
                "data.path_invalid",
                "Invalid path specified in request URL",
            )
            .wire_code("PGRST125"),
            Role::Authenticated,
        ),
        "request.method_not_allowed" => {
            let method = error.message().split(' ').next().unwrap_or_default();
            let (code, message) = if seen.path.contains("/rest/v1/rpc/") {
                ("PGRST101", format!("Cannot use the {method} method on RPC"))
            } else {
                ("PGRST117", format!("Unsupported HTTP method: {method}"))
            };
            written(
                &Error::new(Kind::Unsupported, "data.method_not_allowed", message).wire_code(code),
                Role::Authenticated,
            )
        }
        _ => written(error, Role::Authenticated),
    }
}

/// The answer to an error that a handler met on behalf of `role`, with the error for the log.
pub(crate) fn refusal(error: Error, role: Role) -> Response {
    with_report(written(&error, role), error)
}

fn written(error: &Error, role: Role) -> Response {
    let (number, body) = postgrest_error(error, role);
    let code = StatusCode::from_u16(number).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    // What is the platform's own, such as a body above its limit, keeps its own status.
    let code = match error.wire_code_str() {
        Some(_) => code,
        None => status(error.kind()),
    };
    let mut response = json_response(code, &body);
    let headers = response.headers_mut();
    let wire = body["code"].as_str().unwrap_or_default();
    if let Ok(value) = HeaderValue::from_str(&format!("PostgREST; error={wire}")) {
        headers.insert("proxy-status", value);
    }
    for (name, value) in postgrest_headers(error) {
        if let (Ok(name), Ok(value)) = (
            HeaderName::from_bytes(name.as_bytes()),
            HeaderValue::from_str(&value),
        ) {
            headers.insert(name, value);
        }
    }
    if code == StatusCode::UNAUTHORIZED {
        let challenge = match wire {
            "PGRST301" | "PGRST303" => format!(
                "Bearer error=\"invalid_token\", error_description=\"{}\"",
                error.message().replace('"', "'")
            ),
            _ => "Bearer".to_owned(),
        };
        if let Ok(value) = HeaderValue::from_str(&challenge) {
            headers.insert(header::WWW_AUTHENTICATE, value);
        }
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_is_found_behind_any_mount() {
        for (path, below) in [
            ("/rest/v1", true),
            ("/rest/v1/t", true),
            ("/shop/rest/v1/rpc/f", true),
            ("/rest/v10/t", false),
            ("/api/database/records/rest/v1", false),
        ] {
            assert_eq!(is_below_root(path), below, "{path}");
        }
    }
}
