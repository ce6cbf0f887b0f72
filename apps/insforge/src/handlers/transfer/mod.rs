//! Export and import.

pub(crate) mod export;
pub(crate) mod import;
pub(crate) mod upsert;
