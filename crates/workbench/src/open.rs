//! The tools over one database, opened together.

use std::sync::Arc;

use busbar_kernel::{Clock, Result};
use busbar_schema::Schema;
use busbar_store::{Scope, Store};

use crate::advisor::Advisor;
use crate::grid::Grid;
use crate::listing::Listing;
use crate::migrations::Migrations;
use crate::overview::Overview;
use crate::sql::Sql;
use crate::tables::MIGRATIONS;

/// The operator's tools over the data scope; cheap to clone.
#[derive(Clone)]
pub struct Workbench {
    /// Raw SQL.
    pub sql: Sql,
    /// Custom migrations.
    pub migrations: Migrations,
    /// The rows of one table.
    pub grid: Grid,
    /// Functions and triggers.
    pub listing: Listing,
    /// What there is at a glance.
    pub overview: Overview,
    /// What should be mended.
    pub advisor: Advisor,
}

impl Workbench {
    /// Runs the workbench's migrations in the data scope. Accounts and storage come first: the administrator's view of
    /// them is granted here.
    ///
    /// # Errors
    /// The database's.
    pub async fn open(store: &Store, schema: Schema, clock: Arc<dyn Clock>) -> Result<Self> {
        let db = store.scope(Scope::Data).await?;
        store.migrate(&db, &MIGRATIONS).await?;
        let sql = Sql::new(schema.clone());
        Ok(Self {
            migrations: Migrations::new(sql.clone(), clock.clone()),
            grid: Grid::new(schema.clone()),
            listing: Listing::new(schema.clone()),
            overview: Overview::new(schema.clone()),
            advisor: Advisor::new(schema, clock),
            sql,
        })
    }
}
