//! The advisor.

pub(crate) mod findings;
pub(crate) mod latest;
pub(crate) mod scan;
pub(crate) mod suppress;
pub(crate) mod suppressions;
pub(crate) mod unsuppress;
