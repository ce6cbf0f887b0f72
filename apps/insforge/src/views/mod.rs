//! The JSON that leaves.

pub(crate) mod storage;
