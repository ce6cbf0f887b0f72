//! What people say of themselves.

pub(crate) mod merge;
pub(crate) mod show;
