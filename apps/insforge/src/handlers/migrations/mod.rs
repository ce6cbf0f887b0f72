//! Custom migrations.

pub(crate) mod create;
pub(crate) mod dry_run;
pub(crate) mod list;
