//! Indexes of the database.

pub(crate) mod list;
