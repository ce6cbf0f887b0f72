//! The variable table.

pub(crate) mod list;
