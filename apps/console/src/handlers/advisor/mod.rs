//! What should be mended.

pub(crate) mod scan;
