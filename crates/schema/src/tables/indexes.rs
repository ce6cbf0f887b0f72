//! Listing indexes.

use busbar_kernel::Result;
use busbar_store::{Dialect, params};
use serde::Deserialize;

use super::Tables;
use crate::catalogue::all_as_administrator;

/// An index as it stands.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
pub struct IndexDescription {
    /// The table.
    pub table_name: String,
    /// Its name.
    pub index_name: String,
    /// Its SQL.
    pub definition: String,
    /// Whether no two rows share a value.
    pub is_unique: bool,
    /// Whether it is the primary key's.
    pub is_primary: bool,
}

const SQLITE: &str = "\
SELECT m.name AS table_name, l.name AS index_name, l.\"unique\" = 1 AS is_unique, l.origin = 'pk' AS is_primary, \
 coalesce(s.sql, 'CREATE UNIQUE INDEX \"' || l.name || '\" ON \"' || m.name || '\" (' || \
  (SELECT group_concat('\"' || i.name || '\"', ', ') FROM pragma_index_info(l.name) i) || ')') AS definition \
FROM sqlite_schema m JOIN pragma_index_list(m.name) l \
 LEFT JOIN sqlite_schema s ON s.type = 'index' AND s.name = l.name \
WHERE m.type = 'table' AND instr(m.name, '.') = 0 AND $1 = 'public' ORDER BY 1, 2";

const POSTGRES: &str = "\
SELECT c.relname::text AS table_name, x.relname::text AS index_name, pg_get_indexdef(x.oid) AS definition, \
 i.indisunique AS is_unique, i.indisprimary AS is_primary \
FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_class x ON x.oid = i.indexrelid \
 JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 ORDER BY 1, 2";

impl Tables {
    /// The indexes of a schema's tables.
    ///
    /// # Errors
    /// `input.invalid` for a schema that is Busbar's own.
    pub async fn indexes(&self, schema: &str) -> Result<Vec<IndexDescription>> {
        self.list(schema)?;
        let sql = match self.library.dialect() {
            Dialect::Sqlite => SQLITE,
            Dialect::Postgres => POSTGRES,
        };
        all_as_administrator(&self.library.db, sql, params![schema]).await
    }
}
