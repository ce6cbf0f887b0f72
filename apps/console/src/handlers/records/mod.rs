//! Rows of a table, by PostgREST's grammar.

pub(crate) mod answer;
