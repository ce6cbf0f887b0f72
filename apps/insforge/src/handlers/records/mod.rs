//! Rows of a table.

pub(crate) mod answer;
