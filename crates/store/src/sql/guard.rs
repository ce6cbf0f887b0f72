//! What a single statement may not be: a second statement, or the end of the transaction it runs in.

use busbar_kernel::{Error, Result};

use super::lexer::{Kind, Piece};
use crate::sqlstate;

/// Statements that would end, nest or leave the transaction or the file they run in.
const REFUSED: [&str; 14] = [
    "abort",
    "attach",
    "begin",
    "commit",
    "detach",
    "end",
    "prepare",
    "release",
    "rollback",
    "savepoint",
    "start",
    "vacuum",
    "deallocate",
    "discard",
];

/// Refuses a text of several statements, and statements that belong to the store alone.
///
/// # Errors
/// SQLSTATE 42601 for several statements, 42501 for a refused one.
pub(super) fn single(pieces: &[Piece<'_>]) -> Result<()> {
    let mut words = pieces.iter().filter(|piece| piece.kind != Kind::Space);
    let Some(first) = words.next() else {
        return Err(sqlstate::error("42601", "syntax error at end of input"));
    };
    if let Some(word) = REFUSED.iter().find(|word| first.text.eq_ignore_ascii_case(word)) {
        return Err(sqlstate::error(
            "42501",
            format!("permission denied: {} is not allowed here", word.to_uppercase()),
        ));
    }
    if !is_trigger(pieces) && after_semicolon(pieces) {
        return Err(sqlstate::error(
            "42601",
            "cannot insert multiple commands into a prepared statement",
        ));
    }
    Ok(())
}

/// Refuses names of other places: a schema of an app or a tenant. Scopes are walls also for what owns them all.
///
/// # Errors
/// SQLSTATE 42501.
pub(super) fn walls(pieces: &[Piece<'_>]) -> Result<()> {
    let words: Vec<&Piece<'_>> = pieces.iter().filter(|piece| piece.kind != Kind::Space).collect();
    let name = |at: usize| {
        let piece = words.get(at)?;
        match piece.kind {
            Kind::Word => Some(piece.text.to_ascii_lowercase()),
            Kind::Quoted => Some(piece.text.trim_matches('"').replace("\"\"", "\"")),
            _ => None,
        }
    };
    let is = |at: usize, text: &str| words.get(at).is_some_and(|piece| piece.text == text);
    for at in 0..words.len() {
        let follows = at.checked_sub(1).is_some_and(|before| is(before, "."));
        if follows || !is(at + 1, ".") {
            continue;
        }
        let schema = name(at).filter(|name| name.starts_with("tenant_") || name.starts_with("app_"));
        let Some(schema) = schema else { continue };
        // A table or an alias may be called so too, and then stands somewhere on its own.
        let alone = |other: usize| !is(other + 1, ".") && name(other).as_ref() == Some(&schema);
        if !(0..words.len()).any(alone) {
            return Err(sqlstate::error(
                "42501",
                format!("permission denied for schema {schema}"),
            ));
        }
    }
    Ok(())
}

fn after_semicolon(pieces: &[Piece<'_>]) -> bool {
    let mut meaningful = pieces.iter().filter(|piece| piece.kind != Kind::Space);
    meaningful.any(|piece| piece.text == ";") && meaningful.any(|piece| piece.text != ";")
}

/// A trigger's body holds statements of its own in SQLite.
fn is_trigger(pieces: &[Piece<'_>]) -> bool {
    let mut words = pieces
        .iter()
        .filter(|piece| piece.kind == Kind::Word)
        .map(|piece| piece.text);
    words
        .next()
        .is_some_and(|word| word.eq_ignore_ascii_case("create"))
        && words.take(2).any(|word| word.eq_ignore_ascii_case("trigger"))
}

/// The error as every caller of the store sees it.
pub(super) fn refuse_nul(sql: &str) -> Result<()> {
    if sql.contains('\0') {
        return Err(Error::invalid("query", "A statement holds no NUL character").wire_code("42601"));
    }
    Ok(())
}
