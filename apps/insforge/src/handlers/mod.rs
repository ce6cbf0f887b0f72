//! One folder per resource, one file per verb.

pub(crate) mod health;
