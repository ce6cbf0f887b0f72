//! Sessions of people.

pub(crate) mod create;
pub(crate) mod current;
pub(crate) mod end;
pub(crate) mod refresh;
