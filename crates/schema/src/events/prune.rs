//! The bound of what is kept.

use std::time::Duration;

use busbar_kernel::Result;
use busbar_store::{Value, params};

use super::Events;

/// So long an event is kept.
const KEPT: Duration = Duration::from_secs(7 * 24 * 3600);
/// So many are looked at in one transaction.
const AT_ONCE: i64 = 5000;

impl Events {
    /// Removes the events that are older than seven days; the answer is how many there were.
    ///
    /// # Errors
    /// The database's.
    pub async fn prune(&self) -> Result<u64> {
        let oldest = self.library.clock.now() - KEPT;
        let mut removed = 0;
        loop {
            // Numbers follow time closely: the oldest are looked at, never all of them.
            let sql = "DELETE FROM system.change_events WHERE id IN (SELECT id FROM (SELECT id, occurred_at \
                       FROM system.change_events ORDER BY id LIMIT $1) AS first WHERE occurred_at < $2)";
            let gone = self
                .library
                .db
                .execute(sql, params![AT_ONCE, Value::Timestamp(oldest)])
                .await?;
            removed += gone;
            if gone < AT_ONCE.unsigned_abs() {
                return Ok(removed);
            }
        }
    }
}
