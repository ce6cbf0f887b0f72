//! The refusals of the record grammar, in PostgREST 12.2's words.

use busbar_kernel::Error;
pub(crate) use busbar_schema::refusal::{only_postgres, pgrst, sqlstate};

/// A text of the query string that does not parse; `column` counts from 1.
pub(crate) fn parse(what: &str, text: &str, column: usize, details: impl Into<String>) -> Error {
    pgrst(
        "PGRST100",
        format!("\"failed to parse {what} ({text})\" (line 1, column {column})"),
    )
    .details(details)
}

/// How alike a name must be to be offered in place of another, between 0 and 1.
const ALIKE: f64 = 0.75;

/// The name most like `wanted` among those that are like it at all.
pub(crate) fn similar<'n>(wanted: &str, names: &[&'n str]) -> Option<&'n str> {
    let scored = names
        .iter()
        .map(|name| (strsim::normalized_damerau_levenshtein(wanted, name), *name));
    let best = scored
        .filter(|(score, _)| *score >= ALIKE)
        .max_by(|(one, _), (other, _)| one.total_cmp(other));
    best.map(|(_, name)| name)
}
