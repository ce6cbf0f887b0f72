//! Errors to PostgREST's statuses and bodies.

use busbar_kernel::{Error, Kind};
use serde_json::{Value, json};

use crate::caller::Role;

/// The status and the body `{code, message, details, hint}` of an error, by the tables of PostgREST 12.2.
/// `role` decides whether a denial is 401 (anon) or 403.
pub fn postgrest_error(error: &Error, role: Role) -> (u16, Value) {
    if error.wire_code_str() == Some(RAISED) {
        return match raised(error) {
            Some(raised) => (raised.status, raised.body),
            None => (500, unreadable()),
        };
    }
    let code = error.wire_code_str().unwrap_or_else(|| fallback(error.kind()));
    // These list what could have been meant.
    let listed = matches!(code, "PGRST201" | "PGRST203");
    let details = error.details_str().map(|text| match listed {
        true => serde_json::from_str(text).unwrap_or_else(|_| Value::from(text)),
        false => Value::from(text),
    });
    let body = json!({
        "code": code,
        "details": details,
        "hint": error.hint_str(),
        "message": error.message(),
    });
    (status(code, error.message(), role), body)
}

/// The headers that a function of the database raised with its error.
pub fn postgrest_headers(error: &Error) -> Vec<(String, String)> {
    if error.wire_code_str() != Some(RAISED) {
        return Vec::new();
    }
    raised(error).map_or_else(Vec::new, |raised| raised.headers)
}

/// The SQLSTATE of an error whose every part the raiser chose.
const RAISED: &str = "PGRST";

struct Raised {
    status: u16,
    headers: Vec<(String, String)>,
    body: Value,
}

/// Message and detail are JSON: code, message, details, hint; and status, headers.
fn raised(error: &Error) -> Option<Raised> {
    let message: Value = serde_json::from_str(error.message()).ok()?;
    let detail: Value = serde_json::from_str(error.details_str()?).ok()?;
    let status = detail["status"]
        .as_u64()
        .and_then(|status| u16::try_from(status).ok())
        .filter(|status| (100..600).contains(status))?;
    let headers = match &detail["headers"] {
        Value::Null => Vec::new(),
        Value::Object(members) => members
            .iter()
            .map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())))
            .collect::<Option<_>>()?,
        _ => return None,
    };
    let text = |name: &str| message[name].as_str();
    let body = json!({
        "code": text("code")?,
        "details": text("details"),
        "hint": text("hint"),
        "message": text("message")?,
    });
    Some(Raised {
        status,
        headers,
        body,
    })
}

fn unreadable() -> Value {
    json!({
        "code": "PGRST121",
        "details": "Invalid JSON value for MESSAGE or DETAIL",
        "hint": "MESSAGE must be an object with obligatory keys: 'code', 'message' and optional keys: 'details', 'hint'. \
                 DETAIL must be an object with obligatory keys: 'status', 'headers'.",
        "message": "Could not parse JSON in the \"RAISE SQLSTATE 'PGRST'\" error",
    })
}

/// The code of an error that carries none.
fn fallback(kind: Kind) -> &'static str {
    match kind {
        Kind::Invalid | Kind::TooLarge => "PGRST100",
        Kind::Unauthenticated => "PGRST301",
        Kind::Forbidden => "42501",
        Kind::NotFound => "42P01",
        Kind::Conflict => "23505",
        Kind::Unsupported => "PGRST117",
        Kind::RateLimited | Kind::Unavailable => "PGRST001",
        Kind::Timeout => "57014",
        Kind::Internal => "XX000",
    }
}

fn status(code: &str, message: &str, role: Role) -> u16 {
    if let Some(number) = code.strip_prefix("PGRST") {
        return postgrest(number);
    }
    match code {
        "21000" if message.ends_with("requires a WHERE clause") => 400,
        "23503" | "23505" => 409,
        "25006" => 405,
        "22023" if message.starts_with("role \"") && message.ends_with("does not exist") => 401,
        "42883" if message.starts_with("function xmlagg(") => 406,
        "42883" | "42P01" => 404,
        "42P17" | "53400" => 500,
        "42501" if role == Role::Anon => 401,
        "42501" => 403,
        "57P01" => 503,
        "P0001" => 400,
        _ => class(code),
    }
}

fn class(code: &str) -> u16 {
    match code.get(..2).unwrap_or_default() {
        "08" | "53" => 503,
        "0L" | "0P" | "28" => 403,
        "09" | "21" | "25" | "2D" | "38" | "39" | "3B" | "40" | "54" | "55" | "57" | "58" | "F0" | "HV"
        | "P0" | "XX" => 500,
        // A status of the function's own choosing.
        "PT" => code
            .get(2..)
            .and_then(|status| status.parse().ok())
            .filter(|status| (100..600).contains(status))
            .unwrap_or(500),
        _ => 400,
    }
}

fn postgrest(number: &str) -> u16 {
    match number {
        "000" | "001" | "002" => 503,
        "003" => 504,
        "101" | "105" | "117" => 405,
        "103" => 416,
        "106" | "107" | "116" => 406,
        "111" | "112" | "121" | "300" | "X00" => 500,
        "201" | "203" => 300,
        "202" | "205" | "125" | "126" => 404,
        "301" | "302" | "303" => 401,
        _ => 400,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::refusal::{pgrst, sqlstate};

    #[test]
    fn statuses_follow_the_table() {
        for (code, role, expected) in [
            ("23505", Role::Anon, 409),
            ("42501", Role::Anon, 401),
            ("42501", Role::Authenticated, 403),
            ("22P02", Role::Anon, 400),
            ("42P01", Role::Anon, 404),
            ("25006", Role::Anon, 405),
            ("40001", Role::Anon, 500),
            ("PT418", Role::Anon, 418),
        ] {
            let (status, body) = postgrest_error(&sqlstate("22000", "x").wire_code(code), role);
            assert_eq!((status, body["code"].as_str()), (expected, Some(code)));
        }
        let (status, body) = postgrest_error(&pgrst("PGRST116", "m").details("d"), Role::Anon);
        assert_eq!(status, 406);
        assert_eq!(
            body,
            json!({"code": "PGRST116", "message": "m", "details": "d", "hint": null})
        );
        assert_eq!(postgrest_error(&Error::internal("x"), Role::Anon).0, 500);
        for (numbers, expected) in [
            ("000 001 002", 503),
            ("003", 504),
            (
                "100 102 108 109 110 114 115 118 119 120 122 123 124 127 128 200 204",
                400,
            ),
            ("101 105 117", 405),
            ("103", 416),
            ("106 107 116", 406),
            ("111 112 121 300 X00", 500),
            ("125 126 202 205", 404),
            ("201 203", 300),
            ("301 302 303", 401),
        ] {
            for number in numbers.split(' ') {
                assert_eq!(postgrest(number), expected, "PGRST{number}");
            }
        }
    }
}
