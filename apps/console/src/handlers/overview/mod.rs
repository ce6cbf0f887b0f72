//! The overview.

pub(crate) mod show;
