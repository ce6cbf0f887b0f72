//! The schema of one table.

pub(crate) mod show;
pub(crate) mod update;
