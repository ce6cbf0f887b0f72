//! Triggers.

pub(crate) mod list;
