//! Whether the server runs.

pub(crate) mod show;
