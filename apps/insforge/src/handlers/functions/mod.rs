//! Functions.

pub(crate) mod list;
