//! Settings of the database module.

pub(crate) mod change;
pub(crate) mod show;
