//! What there is at a glance: tables with their sizes.

use busbar_kernel::Result;
use busbar_schema::Schema;
use busbar_schema::catalogue::one_as_administrator;
use busbar_schema::quote::quoted;
use busbar_store::{Dialect, params};

/// So many tables are counted.
const COUNTED: usize = 500;

/// A table and how many rows it has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableCount {
    /// Its name.
    pub name: String,
    /// Its rows.
    pub rows: u64,
}

/// What there is. Every verb is the administrator's: whoever calls it has checked that.
#[derive(Clone)]
pub struct Overview {
    schema: Schema,
}

impl Overview {
    pub(crate) fn new(schema: Schema) -> Self {
        Self { schema }
    }

    /// The tables of `public` with their rows counted, at most 500.
    ///
    /// # Errors
    /// The database's.
    pub async fn tables(&self) -> Result<Vec<TableCount>> {
        let mut counted = Vec::new();
        for name in self.schema.tables.list("public")?.into_iter().take(COUNTED) {
            counted.push(self.count(name).await?);
        }
        Ok(counted)
    }

    async fn count(&self, name: String) -> Result<TableCount> {
        let db = &self.schema.library.db;
        let place = match db.dialect() {
            Dialect::Sqlite => quoted(&name),
            Dialect::Postgres => format!("\"public\".{}", quoted(&name)),
        };
        let rows = one_as_administrator(db, &format!("SELECT count(*) FROM {place}"), params![]).await?;
        Ok(TableCount { name, rows })
    }

    /// How much the database takes, in bytes.
    ///
    /// # Errors
    /// The database's.
    pub async fn bytes(&self) -> Result<u64> {
        let db = &self.schema.library.db;
        let sql = match db.dialect() {
            Dialect::Sqlite => {
                "SELECT c.page_count * s.page_size FROM pragma_page_count() c, pragma_page_size() s"
            }
            Dialect::Postgres => "SELECT pg_catalog.pg_database_size(pg_catalog.current_database())",
        };
        one_as_administrator(db, sql, params![]).await
    }
}
