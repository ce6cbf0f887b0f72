//! Tables: list, create, describe, alter, drop.

mod alter;
mod create;
mod default;
mod definition;
mod describe;
mod drop;
mod follow;
mod index_changes;
mod indexes;
mod list;
mod names;
mod rebuild;
mod referring;
mod row_security;
mod watch;

use std::sync::Arc;

pub use alter::{ColumnChange, TableChanges};
pub(crate) use create::STAMPED_IN_SQLITE;
pub(crate) use default::{NOW_IN_SQLITE, computed_default};
pub use default::{default_in_sqlite, shown_default};
pub use definition::{Action, NewColumn, NewForeignKey, NewTable};
pub use describe::{ColumnDescription, ForeignKeyDescription, TableDescription};
pub use index_changes::NewIndex;
pub use indexes::IndexDescription;
pub(crate) use names::checked_name;
pub(crate) use rebuild::bump_policies;
pub use watch::{Watch, watch};

use crate::catalogue::Library;

/// The tables of the data scope. Every verb is the administrator's: whoever calls it has checked that.
#[derive(Clone)]
pub struct Tables {
    library: Arc<Library>,
}

impl Tables {
    pub(crate) fn new(library: Arc<Library>) -> Self {
        Self { library }
    }
}
