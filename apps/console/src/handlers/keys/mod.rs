//! The keys that applications use.

pub(crate) mod reveal;
pub(crate) mod show;
