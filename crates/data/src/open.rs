//! The three parts over one database, opened together.

use std::sync::Arc;

use busbar_kernel::{Clock, Result};
use busbar_schema::{Policies, Schema, Tables};
use busbar_store::Store;

use crate::records::Records;

/// Records, tables and policies of the data scope; cheap to clone.
#[derive(Clone)]
pub struct DataStore {
    /// Rows.
    pub records: Records,
    /// Tables.
    pub tables: Tables,
    /// Policies.
    pub policies: Policies,
    /// All that is known of tables, for what works beside records.
    pub schema: Schema,
}

impl DataStore {
    /// Runs the migrations of the data scope and reads what tables there are. On SQLite the store must have been
    /// opened with [`sqlite_functions`](crate::sqlite_functions).
    ///
    /// # Errors
    /// The database's.
    pub async fn open(store: &Store, clock: Arc<dyn Clock>) -> Result<Self> {
        let schema = Schema::open(store, clock).await?;
        Ok(Self {
            records: Records::new(schema.library.clone()),
            tables: schema.tables.clone(),
            policies: schema.policies.clone(),
            schema,
        })
    }
}
