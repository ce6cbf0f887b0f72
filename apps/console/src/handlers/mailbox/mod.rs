//! Mail that went nowhere else.

pub(crate) mod empty;
pub(crate) mod list;
pub(crate) mod show;
