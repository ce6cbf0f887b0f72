//! Links to objects.

pub(crate) mod create;
