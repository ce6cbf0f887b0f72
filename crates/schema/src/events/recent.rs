//! What was recorded, in pages.

use busbar_kernel::{Error, Result, Timestamp};
use busbar_store::{Dialect, params};
use serde::Deserialize;

use super::Events;

/// The most events of one page.
const PAGE: i64 = 1000;
/// So many characters of records one page holds, or a single event beyond that.
const WEIGHT: i64 = 8 * 1024 * 1024;

/// One change of one row.
#[derive(Clone, Debug, Deserialize, PartialEq)]
pub struct ChangeEvent {
    /// Its number; later numbers were given later, though of two transactions at the same time either may end first.
    pub id: i64,
    /// The table, by the name it had.
    pub table_name: String,
    /// `INSERT`, `UPDATE`, `DELETE`; on PostgreSQL also `TRUNCATE`, without records.
    pub kind: String,
    /// The row before, as a JSON object; none for an insert.
    pub old_record: Option<String>,
    /// The row after, as a JSON object; none for a delete.
    pub new_record: Option<String>,
    /// Whether a record was too long and is shown by its primary key alone.
    pub truncated: bool,
    /// `anon`, `authenticated`, `project_admin`; none is Busbar itself.
    pub actor_role: Option<String>,
    /// The person, as the token names them.
    pub actor_id: Option<String>,
    /// The channel it goes to.
    pub channel: Option<String>,
    /// The address it is sent to.
    pub webhook_url: Option<String>,
    /// When it happened.
    pub occurred_at: Timestamp,
}

/// Which events are asked for.
#[derive(Clone, Debug, Default)]
pub struct EventPage {
    /// Of one table only.
    pub table: Option<String>,
    /// Those with a higher number, oldest first; else the newest first.
    pub after: Option<i64>,
    /// Those with a lower number.
    pub before: Option<i64>,
    /// At most so many, 1 to 1,000.
    pub limit: i64,
}

impl Events {
    /// A page of events; it may be shorter than asked when its records are long.
    ///
    /// # Errors
    /// `input.invalid` for a limit that cannot be; the database's.
    pub async fn recent(&self, page: &EventPage) -> Result<Vec<ChangeEvent>> {
        if !(1..=PAGE).contains(&page.limit) {
            return Err(Error::invalid("limit", "The limit is 1 to 1000"));
        }
        let order = if page.after.is_some() { "ASC" } else { "DESC" };
        let text = |column: &str| match self.library.dialect() {
            Dialect::Sqlite => column.to_owned(),
            Dialect::Postgres => format!("{column}::text"),
        };
        let (old, new) = (text("old_record"), text("new_record"));
        let sql = format!(
            "SELECT id, table_name, kind, old_record, new_record, truncated, actor_role, actor_id, channel, \
             webhook_url, occurred_at FROM (SELECT e.*, sum(weight) OVER (ORDER BY id {order}) - weight AS before_it \
             FROM (SELECT id, table_name, kind, {old} AS old_record, {new} AS new_record, truncated, actor_role, \
             actor_id, channel, webhook_url, occurred_at, \
             coalesce(length({old}), 0) + coalesce(length({new}), 0) AS weight \
             FROM system.change_events WHERE ($1 = '' OR table_name = $1) AND id > $2 AND id < $3 \
             ORDER BY id {order} LIMIT $4) AS e) AS f WHERE before_it <= $5 ORDER BY id {order}"
        );
        let bounds = params![
            page.table.as_deref().unwrap_or_default(),
            page.after.unwrap_or(0),
            page.before.unwrap_or(i64::MAX),
            page.limit,
            WEIGHT,
        ];
        self.library.db.all(&sql, bounds).await
    }
}
