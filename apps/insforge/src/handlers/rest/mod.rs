//! The plain PostgREST root.

pub(crate) mod call;
pub(crate) mod describe;
pub(crate) mod options;
pub(crate) mod records;
