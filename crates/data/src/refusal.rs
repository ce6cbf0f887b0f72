//! The refusals of the record grammar, in PostgREST 12.2's words.

use busbar_kernel::Error;
pub(crate) use busbar_schema::refusal::{only_postgres, pgrst, sqlstate};

/// A feature of the grammar that is not here, named.
pub(crate) fn unsupported(feature: &str) -> Error {
    sqlstate("0A000", format!("{feature} is not supported")).details(format!("feature: {feature}"))
}

/// A text of the query string that does not parse; `column` counts from 1.
pub(crate) fn parse(what: &str, text: &str, column: usize, details: impl Into<String>) -> Error {
    pgrst(
        "PGRST100",
        format!("\"failed to parse {what} ({text})\" (line 1, column {column})"),
    )
    .details(details)
}
