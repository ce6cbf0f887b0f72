//! SQLSTATEs to kinds of error: one table for both databases.

use std::borrow::Cow;
use std::time::Duration;

use busbar_kernel::{Error, Kind};

/// An error with a SQLSTATE as its wire code; kind and dotted code follow from it.
pub(crate) fn error(state: impl Into<Cow<'static, str>>, message: impl Into<Cow<'static, str>>) -> Error {
    let state = state.into();
    let (kind, code) = meaning(&state);
    let made = Error::new(kind, code, message).wire_code(state.clone());
    match &*state {
        // A serialization failure, a deadlock and a lock not to be had pass when the same is tried again.
        "40001" | "40P01" | "55P03" => made.temporary(true),
        _ if kind == Kind::Unavailable => made.retry_after(Duration::from_secs(1)),
        _ => made,
    }
}

fn meaning(state: &str) -> (Kind, &'static str) {
    match state {
        "23505" => (Kind::Conflict, "store.unique_violation"),
        "23503" => (Kind::Conflict, "store.foreign_key_violation"),
        "23502" => (Kind::Invalid, "store.not_null_violation"),
        "23514" => (Kind::Invalid, "store.check_violation"),
        "23P01" => (Kind::Conflict, "store.exclusion_violation"),
        "22P02" => (Kind::Invalid, "store.invalid_text"),
        "22003" => (Kind::Invalid, "store.out_of_range"),
        "22001" => (Kind::Invalid, "store.too_long"),
        "25006" => (Kind::Invalid, "store.read_only"),
        "42501" => (Kind::Forbidden, "store.denied"),
        "42P01" | "3F000" => (Kind::NotFound, "store.undefined_table"),
        "42883" => (Kind::NotFound, "store.undefined_function"),
        "42703" => (Kind::Invalid, "store.undefined_column"),
        "42601" => (Kind::Invalid, "store.syntax"),
        "42P07" | "42710" | "42701" | "42P06" => (Kind::Conflict, "store.duplicate_object"),
        "2BP01" => (Kind::Conflict, "store.dependent_objects"),
        "40001" | "40P01" | "55P03" => (Kind::Conflict, "store.serialization"),
        "54000" => (Kind::TooLarge, "store.too_large"),
        "57014" => (Kind::Timeout, "store.time_limit"),
        "P0001" => (Kind::Invalid, "store.raised"),
        _ => match state.get(..2).unwrap_or_default() {
            "08" | "53" => (Kind::Unavailable, "store.unavailable"),
            "57" => (Kind::Unavailable, "store.unavailable"),
            "28" | "0L" | "0P" => (Kind::Forbidden, "store.denied"),
            "22" | "23" | "42" | "21" | "44" | "54" | "55" => (Kind::Invalid, "store.invalid"),
            "PT" | "PG" | "P0" => (Kind::Invalid, "store.raised"),
            _ => (Kind::Internal, "store.failed"),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_have_the_kinds_the_contract_names() {
        for (state, kind) in [
            ("23505", Kind::Conflict),
            ("23503", Kind::Conflict),
            ("23502", Kind::Invalid),
            ("22P02", Kind::Invalid),
            ("42703", Kind::Invalid),
            ("42P01", Kind::NotFound),
            ("42501", Kind::Forbidden),
            ("57014", Kind::Timeout),
            ("57P01", Kind::Unavailable),
            ("08006", Kind::Unavailable),
            ("53100", Kind::Unavailable),
            ("XX000", Kind::Internal),
        ] {
            assert_eq!(error(state, "x").kind(), kind, "{state}");
        }
        assert!(error("53000", "x").retry_after_value().is_some());
    }
}
