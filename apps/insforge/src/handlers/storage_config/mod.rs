//! The settings of storage.

pub(crate) mod change;
pub(crate) mod show;
