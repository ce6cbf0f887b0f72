//! Listing sequences.

use busbar_kernel::Result;
use busbar_schema::catalogue::all_as_administrator;
use busbar_store::{Dialect, params};
use serde::Deserialize;

use super::Listing;

/// A sequence; its numbers are texts, because they may be larger than JavaScript's.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
pub struct SequenceDescription {
    /// Its name.
    pub name: String,
    /// Where it began.
    pub start: String,
    /// What it counts by.
    pub increment: String,
    /// Its least number.
    pub least: String,
    /// Its greatest number.
    pub greatest: String,
    /// Whether it begins again at its end.
    pub cycles: bool,
    /// The SQL that makes it, for one that no column owns.
    pub definition: Option<String>,
}

const POSTGRES: &str = "SELECT s.sequencename::text AS name, s.start_value::text AS start, \
 s.increment_by::text AS increment, s.min_value::text AS least, s.max_value::text AS greatest, s.cycle AS cycles, \
 CASE WHEN NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend d WHERE d.objid = c.oid AND d.deptype IN ('a', 'i')) \
  THEN pg_catalog.format('CREATE SEQUENCE IF NOT EXISTS %I AS %s START WITH %s INCREMENT BY %s MINVALUE %s MAXVALUE %s%s', \
   s.sequencename, s.data_type, CASE WHEN s.last_value::numeric + s.increment_by BETWEEN s.min_value AND s.max_value \
   THEN s.last_value + s.increment_by ELSE s.start_value END, s.increment_by, s.min_value, s.max_value, CASE WHEN s.cycle THEN ' CYCLE' ELSE '' END) END AS definition \
 FROM pg_catalog.pg_sequences s JOIN pg_catalog.pg_namespace n ON n.nspname = s.schemaname \
 JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = s.sequencename \
 WHERE s.schemaname = 'public' \
 AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e') ORDER BY 1 LIMIT 10000";

impl Listing {
    /// The sequences of `public`, at most 10,000; SQLite has none.
    ///
    /// # Errors
    /// The database's.
    pub async fn sequences(&self) -> Result<Vec<SequenceDescription>> {
        let db = &self.schema.library.db;
        match db.dialect() {
            Dialect::Sqlite => Ok(Vec::new()),
            Dialect::Postgres => all_as_administrator(db, POSTGRES, params![]).await,
        }
    }
}
