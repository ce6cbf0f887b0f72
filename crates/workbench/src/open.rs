//! The tools over one database, opened together.

use std::path::PathBuf;
use std::sync::Arc;

use busbar_kernel::{Clock, Result};
use busbar_schema::Schema;
use busbar_store::{Scope, Store};

use crate::advisor::Advisor;
use crate::backups::{self, Backups};
use crate::grid::Grid;
use crate::listing::Listing;
use crate::migrations::Migrations;
use crate::overview::Overview;
use crate::sql::Sql;
use crate::tables::MIGRATIONS;
use crate::transfer::Transfer;

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
    /// Export and import.
    pub transfer: Transfer,
    /// Copies and the way back.
    pub backups: Backups,
}

impl Workbench {
    /// Runs the workbench's migrations. Accounts and storage come first: the administrator's view of them is granted
    /// here. Backups are kept in `folder`.
    ///
    /// # Errors
    /// The database's.
    pub async fn open(store: &Store, schema: Schema, folder: PathBuf, clock: Arc<dyn Clock>) -> Result<Self> {
        let db = store.scope(Scope::Data).await?;
        store.migrate(&db, &MIGRATIONS).await?;
        let platform = store.scope(Scope::Platform).await?;
        store.migrate(&platform, &backups::MIGRATIONS).await?;
        let (sql, grid) = (Sql::new(schema.clone()), Grid::new(schema.clone()));
        let backups = Backups::open(platform, schema.clone(), folder, clock.clone()).await?;
        Ok(Self {
            migrations: Migrations::new(sql.clone(), clock.clone()),
            transfer: Transfer::new(schema.clone(), sql.clone(), grid.clone()),
            backups,
            grid,
            listing: Listing::new(schema.clone()),
            overview: Overview::new(schema.clone()),
            advisor: Advisor::new(schema, clock),
            sql,
        })
    }
}
