//! SQLite's errors in PostgreSQL's words: SQLSTATE, message, details.

use busbar_kernel::Error;
use rusqlite::Connection;
use rusqlite::ffi;

use super::constraint;
use crate::raw::POSITION;
use crate::sqlstate::error;

/// Separates the parts of an error that one of our functions raised.
const MARK: char = '\u{1}';

/// An error of one of our functions, packed so that it survives SQLite, which carries only a text.
pub(super) fn carried(error: &Error) -> rusqlite::Error {
    let parts = [
        error.wire_code_str().unwrap_or("22023"),
        error.message(),
        error.details_str().unwrap_or_default(),
        error.hint_str().unwrap_or_default(),
    ];
    let packed = format!("{MARK}{}", parts.join(&MARK.to_string()));
    rusqlite::Error::UserFunctionError(packed.into())
}

fn unpacked(message: &str) -> Option<Error> {
    let mut parts = message.strip_prefix(MARK)?.split(MARK).map(str::to_owned);
    let (state, text) = (parts.next()?, parts.next()?);
    let mut made = error(state, text);
    if let Some(details) = parts.next().filter(|details| !details.is_empty()) {
        made = made.details(details);
    }
    match parts.next().filter(|hint| !hint.is_empty()) {
        Some(hint) => Some(made.hint(hint)),
        None => Some(made),
    }
}

/// The error of a statement; `sql` and the connection help to name tables and constraints.
pub(super) fn map(failure: &rusqlite::Error, connection: &Connection, sql: &str) -> Error {
    let mut position = None;
    let (code, message) = match failure {
        rusqlite::Error::SqliteFailure(code, message) => (code, message.clone().unwrap_or_default()),
        rusqlite::Error::SqlInputError {
            error, msg, offset, ..
        } => {
            // SQLite counts bytes from 0, and says -1 where it does not know.
            let before = usize::try_from(*offset).ok().and_then(|offset| sql.get(..offset));
            position = before.map(|before| before.chars().count() + 1);
            (error, msg.clone())
        }
        rusqlite::Error::NulError(_) => return error("22021", "a text holds a NUL character"),
        rusqlite::Error::MultipleStatement => {
            return error(
                "42601",
                "cannot insert multiple commands into a prepared statement",
            );
        }
        other => return error("XX000", "The database failed").with("sqlite", other.to_string()),
    };
    if let Some(ours) = unpacked(&message) {
        return ours;
    }
    if code.extended_code & 0xff == ffi::SQLITE_CONSTRAINT {
        return constraint::map(code.extended_code, &message, connection, sql);
    }
    let made =
        by_code(code.extended_code, &message).with("sqlite", format!("{message} ({})", code.extended_code));
    match position {
        Some(position) => made.with(POSITION, position.to_string()),
        None => made,
    }
}

fn by_code(extended: i32, message: &str) -> Error {
    match extended & 0xff {
        ffi::SQLITE_INTERRUPT => error("57014", "canceling statement due to statement timeout"),
        ffi::SQLITE_BUSY | ffi::SQLITE_LOCKED => error("53000", "The database is busy"),
        ffi::SQLITE_FULL => error("53100", "The disk is full"),
        ffi::SQLITE_NOMEM => error("53200", "out of memory"),
        ffi::SQLITE_IOERR | ffi::SQLITE_CANTOPEN => {
            error("58030", "The database's file cannot be read or written")
        }
        ffi::SQLITE_CORRUPT | ffi::SQLITE_NOTADB => error("XX001", "The database's file is damaged"),
        ffi::SQLITE_READONLY => error("25006", "cannot write in a read-only transaction"),
        ffi::SQLITE_AUTH => error("42501", "permission denied for this statement"),
        ffi::SQLITE_TOOBIG => error("54000", "A text or value is too large"),
        ffi::SQLITE_MISMATCH => error("22P02", "invalid input syntax for type integer"),
        ffi::SQLITE_RANGE => error("08P01", "the statement has another number of parameters"),
        ffi::SQLITE_ERROR => by_text(message),
        _ => error("XX000", "The database failed"),
    }
}

/// SQLite has one code for all that is wrong with a statement; its text says which.
fn by_text(message: &str) -> Error {
    let message = message.split(" in \"").next().unwrap_or(message);
    let after = |prefix: &str| message.strip_prefix(prefix).map(bare);
    if let Some(table) = after("no such table: ") {
        return error("42P01", format!("relation \"{table}\" does not exist"));
    }
    if let Some(column) = after("no such column: ") {
        let column = column
            .split(" - ")
            .next()
            .unwrap_or_default()
            .trim_matches('"')
            .to_owned();
        return error("42703", format!("column \"{column}\" does not exist"));
    }
    if let Some(name) = after("no such function: ") {
        return error("42883", format!("function {name} does not exist"));
    }
    if let Some(name) = message
        .strip_prefix("wrong number of arguments to function ")
        .map(|name| name.trim_end_matches("()"))
    {
        return error(
            "42883",
            format!("function {name} does not exist with so many arguments"),
        );
    }
    if let Some((table, column)) = message
        .strip_prefix("table ")
        .and_then(|rest| rest.split_once(" has no column named "))
    {
        let text = format!("column \"{column}\" of relation \"{table}\" does not exist");
        return error("42703", text);
    }
    if let Some(column) = after("ambiguous column name: ") {
        return error("42702", format!("column reference \"{column}\" is ambiguous"));
    }
    if let Some(column) = after("duplicate column name: ") {
        return error("42701", format!("column \"{column}\" specified more than once"));
    }
    if let Some((thing, "already exists")) = message
        .rsplit_once(" already exists")
        .map(|(thing, _)| (thing, "already exists"))
    {
        let name = bare(thing.rsplit(' ').next().unwrap_or_default());
        return error("42P07", format!("relation \"{name}\" already exists"));
    }
    if message.contains("syntax error")
        || message.starts_with("unrecognized token")
        || message == "incomplete input"
    {
        let near = message
            .strip_prefix("near \"")
            .and_then(|rest| rest.split('"').next());
        return match near {
            Some(near) => error("42601", format!("syntax error at or near \"{near}\"")),
            None => error("42601", format!("syntax error: {message}")),
        };
    }
    if message.contains("malformed JSON") || message.contains("JSON") {
        return error("22P02", "invalid input syntax for type json").details(message.to_owned());
    }
    if message.contains("integer overflow") {
        return error("22003", "bigint out of range");
    }
    if message.contains("values for") || message.contains("values were supplied") {
        return error("42601", message.to_owned());
    }
    error("42000", message.to_owned())
}

fn bare(name: &str) -> String {
    name.trim_matches('"').trim_start_matches("main.").to_owned()
}
