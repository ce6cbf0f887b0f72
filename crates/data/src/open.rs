//! The three parts over one database, opened together.

use std::sync::Arc;

use busbar_kernel::{Clock, Result};
use busbar_store::{Scope, Store};

use crate::catalogue::Library;
use crate::migrations::MIGRATIONS;
use crate::policies::Policies;
use crate::records::Records;
use crate::tables::Tables;

/// Records, tables and policies of the data scope; cheap to clone.
#[derive(Clone)]
pub struct DataStore {
    /// Rows.
    pub records: Records,
    /// Tables.
    pub tables: Tables,
    /// Policies.
    pub policies: Policies,
}

impl DataStore {
    /// Runs the migrations of the data scope and reads what tables there are. On SQLite the store must have been
    /// opened with [`sqlite_functions`](crate::sqlite_functions).
    ///
    /// # Errors
    /// The database's.
    pub async fn open(store: &Store, clock: Arc<dyn Clock>) -> Result<Self> {
        let db = store.scope(Scope::Data).await?;
        store.migrate(&db, &MIGRATIONS).await?;
        let library = Library::open(db, clock).await?;
        Ok(Self {
            records: Records::new(library.clone()),
            tables: Tables::new(library.clone()),
            policies: Policies::new(library),
        })
    }
}
