//! Keys that are published or told.

pub(crate) mod show_anon;
pub(crate) mod show_published;
