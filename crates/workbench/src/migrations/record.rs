//! The list of custom migrations on PostgreSQL, which the administrator's SQL only reads.
//!
//! A migration and a restore run as the administrator. So the owner writes down beforehand, under a ticket that nobody can
//! guess, what `system.record_migrations` will put on the list.

use busbar_kernel::ids::new_uuid;
use busbar_kernel::{Clock, Error, Result};
use busbar_store::{Db, Params, Value, params};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

const FORGET_OLD: &str = "DELETE FROM system.migration_tickets WHERE created_at < now() - interval '1 day'";
const WRITE: &str =
    "INSERT INTO system.migration_tickets (ticket, restores, entries) VALUES ($1::uuid, $2, $3::jsonb)";
const FORGET: &str = "DELETE FROM system.migration_tickets WHERE ticket = $1::uuid";
const RECORD: &str = "SELECT system.record_migrations($1::uuid)";

/// What was written down, to be recorded once.
pub(crate) struct Ticket(Uuid);

/// Writes down entries of the list, a JSON list of them. A restore puts them in the place of all.
///
/// # Errors
/// The database's.
pub(crate) async fn write_down(
    db: &Db,
    clock: &dyn Clock,
    restores: bool,
    entries: String,
) -> Result<Ticket> {
    let ticket = new_uuid(clock);
    db.execute(FORGET_OLD, params![]).await?;
    let values = vec![ticket.to_string().into(), restores.into(), Value::Json(entries)];
    db.execute(WRITE, values).await?;
    Ok(Ticket(ticket))
}

impl Ticket {
    /// What the administrator runs to record it: a row for each entry that is recorded.
    pub(crate) fn recording(&self) -> (String, Params) {
        (RECORD.to_owned(), params![self.0.to_string()])
    }

    /// Forgets what was not recorded.
    ///
    /// # Errors
    /// The database's.
    pub(crate) async fn forget(&self, db: &Db) -> Result<()> {
        db.execute(FORGET, params![self.0.to_string()]).await?;
        Ok(())
    }
}

/// An entry of the list, as it is written down and as a backup keeps it.
#[derive(Deserialize, Serialize)]
pub(crate) struct Entry<S> {
    pub(crate) version: String,
    pub(crate) name: String,
    /// A list, or PostgreSQL's text of one.
    pub(crate) statements: S,
    pub(crate) checksum: String,
    pub(crate) created_at: String,
}

/// Entries as JSON.
///
/// # Errors
/// None that can happen.
pub(crate) fn entries<S: Serialize>(entries: &[Entry<S>]) -> Result<String> {
    serde_json::to_string(entries)
        .map_err(|error| Error::internal("migrations cannot be written down").source(error))
}
