//! What a project is made of.

pub(crate) mod parts;
pub(crate) mod show;
pub(crate) mod table;
