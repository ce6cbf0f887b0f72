//! The refusals of the record grammar, in PostgREST 12.2's words.

use std::borrow::Cow;

use busbar_kernel::{Error, Kind};

/// An error with a `PGRST` code.
pub fn pgrst(code: &'static str, message: impl Into<Cow<'static, str>>) -> Error {
    let kind = match code {
        "PGRST200" | "PGRST202" | "PGRST205" => Kind::NotFound,
        "PGRST101" | "PGRST105" | "PGRST117" => Kind::Unsupported,
        "PGRST302" => Kind::Unauthenticated,
        _ => Kind::Invalid,
    };
    Error::new(kind, dotted(code), message).wire_code(code)
}

/// An error with a SQLSTATE, as PostgreSQL would say it.
pub fn sqlstate(state: &'static str, message: impl Into<Cow<'static, str>>) -> Error {
    let (kind, code) = match state {
        "42501" => (Kind::Forbidden, "data.denied"),
        "42P01" => (Kind::NotFound, "data.undefined_table"),
        "42883" => (Kind::NotFound, "data.undefined_operator"),
        "42703" => (Kind::Invalid, "data.undefined_column"),
        "42P07" | "42710" | "42701" => (Kind::Conflict, "data.duplicate_object"),
        "0A000" => (Kind::Invalid, "data.unsupported_feature"),
        "22P02" => (Kind::Invalid, "data.invalid_text"),
        "22003" => (Kind::Invalid, "data.out_of_range"),
        "22007" | "22008" => (Kind::Invalid, "data.invalid_datetime"),
        _ => (Kind::Invalid, "data.invalid"),
    };
    Error::new(kind, code, message).wire_code(state)
}

/// A feature that only PostgreSQL has.
pub fn only_postgres(feature: &str) -> Error {
    sqlstate("0A000", format!("{feature} is not supported on SQLite"))
        .details(format!("feature: {feature}"))
        .hint("This feature needs PostgreSQL")
}

/// A column that the table does not have.
pub fn undefined_column(table: &str, column: &str) -> Error {
    sqlstate("42703", format!("column {table}.{column} does not exist"))
}

/// A table that does not exist, or that this caller may not know of.
pub fn undefined_table(schema: &str, table: &str) -> Error {
    sqlstate("42P01", format!("relation \"{schema}.{table}\" does not exist"))
}

fn dotted(code: &str) -> &'static str {
    match code {
        "PGRST100" => "data.query_malformed",
        "PGRST101" | "PGRST117" => "data.method_not_allowed",
        "PGRST102" => "data.body_malformed",
        "PGRST103" => "data.range_not_satisfiable",
        "PGRST105" => "data.put_filters",
        "PGRST106" => "data.schema_not_exposed",
        "PGRST107" => "data.not_acceptable",
        "PGRST108" => "data.not_embedded",
        "PGRST109" | "PGRST110" => "data.limited_write",
        "PGRST114" | "PGRST115" => "data.put_mismatch",
        "PGRST116" => "data.not_singular",
        "PGRST118" | "PGRST119" => "data.many_rows_related",
        "PGRST122" => "data.preferences_invalid",
        "PGRST123" => "data.aggregates_off",
        "PGRST124" => "data.too_many_affected",
        "PGRST200" => "data.undefined_relation",
        "PGRST201" => "data.ambiguous_relation",
        "PGRST202" => "data.undefined_function",
        "PGRST204" => "data.undefined_column",
        _ => "data.refused",
    }
}
