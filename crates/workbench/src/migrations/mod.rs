//! Custom migrations: what an operator changes on purpose, in order and on record.

mod apply;
mod list;
mod record;
mod rehearse;

use std::sync::Arc;

use busbar_kernel::Clock;

pub use apply::NewMigration;
pub use list::AppliedMigration;
pub(crate) use record::{Entry, entries, write_down};
pub use rehearse::{Rehearsal, Risk, RiskLevel};

use crate::sql::Sql;

/// Custom migrations. Every verb is the administrator's: whoever calls it has checked that.
#[derive(Clone)]
pub struct Migrations {
    sql: Sql,
    clock: Arc<dyn Clock>,
}

impl Migrations {
    pub(crate) fn new(sql: Sql, clock: Arc<dyn Clock>) -> Self {
        Self { sql, clock }
    }
}
