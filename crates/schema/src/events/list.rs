//! Listing what is published.

use busbar_kernel::{Result, Timestamp};
use busbar_store::{Dialect, params};
use serde::Deserialize;

use super::Events;
use super::on_sqlite::read_list;

/// What is published of a table, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Publication {
    /// The table.
    pub table: String,
    /// `INSERT`, `UPDATE`, `DELETE`.
    pub kinds: Vec<String>,
    /// The columns that events show beside the primary key; none means all.
    pub columns: Option<Vec<String>>,
    /// Which rows are recorded; none means all.
    pub condition: Option<String>,
    /// The channel that events go to.
    pub channel: Option<String>,
    /// The address that events are sent to.
    pub webhook_url: Option<String>,
    /// Whether its triggers are there and switched on: the table's owner can drop or disable them with SQL.
    pub recording: bool,
    /// When it was switched on.
    pub created_at: Timestamp,
}

#[derive(Deserialize)]
struct Stored {
    table_name: String,
    kinds: String,
    columns: Option<String>,
    condition: Option<String>,
    channel: Option<String>,
    webhook_url: Option<String>,
    triggers: i64,
    created_at: Timestamp,
}

const SQLITE: &str = "SELECT p.table_name, p.kinds, p.columns, p.condition, p.channel, p.webhook_url, \
 (SELECT count(*) FROM sqlite_schema g WHERE g.type = 'trigger' AND g.tbl_name = p.table_name \
  AND g.name LIKE 'busbar\\_event\\_%' ESCAPE '\\') AS triggers, p.created_at \
 FROM system.change_publications p ORDER BY p.table_name";

const POSTGRES: &str = "SELECT c.relname::text AS table_name, p.kinds, array_to_json(p.columns)::text AS columns, \
 p.condition, p.channel, p.webhook_url, \
 (SELECT count(*) FROM pg_catalog.pg_trigger g WHERE g.tgrelid = c.oid AND NOT g.tgisinternal \
  AND g.tgname::text LIKE 'busbar\\_event\\_%' AND g.tgname::text <> 'busbar_event_truncate' \
  AND g.tgenabled <> 'D') AS triggers, p.created_at \
 FROM system.change_publications p JOIN pg_catalog.pg_class c ON c.oid = p.relation \
 JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public' ORDER BY c.relname";

impl Events {
    /// What is published, by table.
    ///
    /// # Errors
    /// The database's.
    pub async fn list(&self) -> Result<Vec<Publication>> {
        let sql = match self.library.dialect() {
            Dialect::Sqlite => SQLITE,
            Dialect::Postgres => POSTGRES,
        };
        let stored: Vec<Stored> = self.library.db.all(sql, params![]).await?;
        let read = |row: Stored| -> Result<Publication> {
            let kinds: Vec<String> = row.kinds.split(',').map(str::to_owned).collect();
            Ok(Publication {
                table: row.table_name,
                recording: usize::try_from(row.triggers).unwrap_or(0) >= kinds.len(),
                kinds,
                columns: row.columns.as_deref().map(read_list).transpose()?,
                condition: row.condition,
                channel: row.channel,
                webhook_url: row.webhook_url,
                created_at: row.created_at,
            })
        };
        stored.into_iter().map(read).collect()
    }
}
