//! Switching the change events of a table off.

use busbar_kernel::{Error, Result};
use busbar_store::Dialect;

use super::{Events, on_postgres, on_sqlite};
use crate::tables::bump_policies;

impl Events {
    /// Records nothing more of a table; what was recorded stays.
    ///
    /// # Errors
    /// 42P01 without the table, `publication.not_found` when nothing was switched on.
    pub async fn withdraw(&self, table: &str) -> Result<()> {
        let catalogue = self.library.current();
        let table = catalogue.table("public", table)?;
        if !self.list().await?.iter().any(|known| known.table == table.name) {
            return Err(Error::not_found("publication"));
        }
        let steps = match self.library.dialect() {
            Dialect::Postgres => on_postgres::withdraw(table),
            Dialect::Sqlite => on_sqlite::withdraw(&table.name)
                .into_iter()
                .chain([bump_policies()])
                .collect(),
        };
        self.library.db.batch(steps).await?;
        self.library.refresh().await
    }
}
