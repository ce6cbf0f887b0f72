//! Aggregates of PostgreSQL that make an answer of their own of a table's rows (PostgREST's contract, M7).

use std::sync::Arc;

use busbar_kernel::Result;
use busbar_store::Db;
use serde::Deserialize;

use super::administered::all_as_administrator;
use super::table::Table;

/// An aggregate that returns a domain called like a media type.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Handler {
    /// Its schema.
    pub schema_name: String,
    /// Its name.
    pub name: String,
    /// The media type, or `*/*` for any.
    pub media: String,
    /// Whether its answer is bytes, not text.
    pub is_bytes: bool,
    /// The schema of the table whose rows it takes; none takes rows of any.
    pub table_schema: Option<String>,
    /// That table.
    pub table_name: Option<String>,
}

/// The aggregates, those of one table first; `people` leaves out the schemas that are nobody's.
///
/// # Errors
/// The database's.
pub(super) async fn handlers(db: &Db, people: &str) -> Result<Vec<Arc<Handler>>> {
    let sql = format!(
        "SELECT n.nspname::text AS schema_name, p.proname::text AS name, t.typname::text AS media, \
          t.typbasetype = 'bytea'::regtype AS is_bytes, m.nspname::text AS table_schema, c.relname::text AS table_name \
         FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_type t ON t.oid = p.prorettype \
          JOIN pg_type a ON a.oid = p.proargtypes[0] LEFT JOIN pg_class c ON c.oid = a.typrelid \
          LEFT JOIN pg_namespace m ON m.oid = c.relnamespace \
         WHERE p.prokind = 'a' AND p.pronargs = 1 AND t.typtype = 'd' AND t.typname LIKE '%_/%_' \
          AND (c.oid IS NOT NULL OR a.oid = 'anyelement'::regtype) AND {people} \
         ORDER BY c.oid IS NULL, t.typname = '*/*', 1, 2"
    );
    let found: Vec<Handler> = all_as_administrator(db, &sql, Vec::new()).await?;
    Ok(found.into_iter().map(Arc::new).collect())
}

impl Handler {
    /// Whether it takes rows of a table.
    pub fn takes(&self, table: &Table) -> bool {
        match (&self.table_schema, &self.table_name) {
            (Some(schema), Some(name)) => *schema == table.schema && *name == table.name,
            _ => true,
        }
    }
}
