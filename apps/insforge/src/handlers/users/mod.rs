//! The people of the project.

pub(crate) mod delete;
pub(crate) mod list;
pub(crate) mod show;
pub(crate) mod sign_up;
