//! The dashboard's grid of records.

pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod list;
pub(crate) mod look_up;
pub(crate) mod update;
