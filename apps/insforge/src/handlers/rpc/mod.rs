//! Functions of the database.

pub(crate) mod call;
