//! Raw SQL.

pub(crate) mod run;
