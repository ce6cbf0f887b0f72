//! The log.

pub(crate) mod list;
