//! One folder per resource, one file per verb.

pub(crate) mod buckets;
pub(crate) mod health;
pub(crate) mod objects;
pub(crate) mod storage_config;
