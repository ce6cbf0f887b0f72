//! Tables, policies and change events over one database, opened together.

use std::sync::Arc;

use busbar_kernel::{Clock, Result};
use busbar_store::{Scope, Store};

use crate::catalogue::Library;
use crate::events::Events;
use crate::migrations::MIGRATIONS;
use crate::policies::Policies;
use crate::tables::Tables;

/// Tables and policies of the data scope; cheap to clone.
#[derive(Clone)]
pub struct Schema {
    /// What tables there are, for those that make statements.
    pub library: Arc<Library>,
    /// Tables.
    pub tables: Tables,
    /// Policies.
    pub policies: Policies,
    /// Which tables' changes are published, and what was recorded.
    pub events: Events,
}

impl Schema {
    /// Runs the migrations of the data scope and reads what tables there are.
    ///
    /// # Errors
    /// The database's.
    pub async fn open(store: &Store, clock: Arc<dyn Clock>) -> Result<Self> {
        let db = store.scope(Scope::Data).await?;
        store.migrate(&db, &MIGRATIONS).await?;
        let library = Library::open(db, clock).await?;
        Ok(Self {
            tables: Tables::new(library.clone()),
            policies: Policies::new(library.clone()),
            events: Events::new(library.clone()),
            library,
        })
    }
}
