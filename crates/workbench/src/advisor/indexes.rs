//! The indexes as the advisor needs to know them.

use busbar_kernel::Result;
use busbar_schema::Schema;
use busbar_schema::catalogue::all_as_administrator;
use busbar_store::{Dialect, Json, params};
use serde::Deserialize;

/// An index.
#[derive(Debug, Deserialize)]
pub(super) struct Index {
    pub(super) table_name: String,
    pub(super) index_name: String,
    pub(super) is_unique: bool,
    /// Its columns in order; null where it holds an expression.
    pub(super) columns: Json<Vec<Option<String>>>,
    /// Whether it holds every row.
    pub(super) is_whole: bool,
    /// How often it was used, where the database counts that.
    pub(super) uses: Option<i64>,
}

const SQLITE: &str = "SELECT m.name AS table_name, l.name AS index_name, l.\"unique\" = 1 AS is_unique, \
 (SELECT json_group_array(i.name) FROM (SELECT name FROM pragma_index_info(l.name) ORDER BY seqno) i) AS columns, \
 l.partial = 0 AS is_whole, NULL AS uses \
 FROM sqlite_schema m JOIN pragma_index_list(m.name) l \
 WHERE m.type = 'table' AND instr(m.name, '.') = 0 ORDER BY 1, 2 LIMIT 100000";

const POSTGRES: &str = "SELECT c.relname::text AS table_name, x.relname::text AS index_name, \
 i.indisunique AS is_unique, i.indpred IS NULL AS is_whole, \
 CASE WHEN i.indisunique THEN NULL ELSE pg_catalog.pg_stat_get_numscans(x.oid) END AS uses, \
 (SELECT pg_catalog.jsonb_agg(a.attname::text ORDER BY k.position) \
  FROM pg_catalog.unnest(i.indkey::int2[]) WITH ORDINALITY AS k (number, position) \
  LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.number AND a.attnum > 0) AS columns \
 FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indrelid \
 JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid \
 JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 ORDER BY 1, 2 LIMIT 100000";

/// The indexes of `public`.
pub(super) async fn read(schema: &Schema) -> Result<Vec<Index>> {
    let db = &schema.library.db;
    match db.dialect() {
        Dialect::Sqlite => all_as_administrator(db, SQLITE, params![]).await,
        Dialect::Postgres => all_as_administrator(db, POSTGRES, params!["public"]).await,
    }
}
