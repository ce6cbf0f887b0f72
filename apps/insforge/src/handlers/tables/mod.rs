//! Tables.

pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod input;
pub(crate) mod list;
