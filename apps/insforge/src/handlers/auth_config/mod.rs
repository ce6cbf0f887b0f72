//! The rules for accounts.

pub(crate) mod change;
pub(crate) mod show;
pub(crate) mod show_public;
