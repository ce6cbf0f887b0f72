//! Listing functions.

use busbar_kernel::Result;
use busbar_schema::catalogue::all_as_administrator;
use busbar_store::{Dialect, params};
use serde::Deserialize;

use super::Listing;

/// A function.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
pub struct FunctionDescription {
    /// Its name.
    pub name: String,
    /// Its SQL.
    pub definition: String,
    /// `f` for a function, `p` for a procedure, `a` for an aggregate, `w` for a window function.
    pub kind: String,
}

const POSTGRES: &str = "SELECT p.proname::text AS name, p.prokind::text AS kind, \
 CASE WHEN p.prokind = 'a' THEN '' ELSE pg_catalog.pg_get_functiondef(p.oid) END AS definition \
 FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace \
 WHERE n.nspname = $1 AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e') \
 ORDER BY 1 LIMIT 10000";

impl Listing {
    /// The functions of a schema, at most 10,000; SQLite keeps none.
    ///
    /// # Errors
    /// `input.invalid` for a schema that is Busbar's own.
    pub async fn functions(&self, schema: &str) -> Result<Vec<FunctionDescription>> {
        self.schema.tables.list(schema)?;
        let db = &self.schema.library.db;
        match db.dialect() {
            Dialect::Sqlite => Ok(Vec::new()),
            Dialect::Postgres => all_as_administrator(db, POSTGRES, params![schema]).await,
        }
    }
}
