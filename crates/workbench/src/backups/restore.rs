//! Restoring: the copy's checksum first, then all of it in one transaction.

use busbar_kernel::{Error, Result};
use busbar_store::{Beside, Value, params};
use serde::Deserialize;
use uuid::Uuid;

use super::{Backups, DESCRIBING, digest};

const FORGET: &str = "DELETE FROM system.custom_migrations";
const RECALL: &str = "INSERT INTO system.custom_migrations (version, name, statements, checksum, created_at) \
 SELECT version, name, statements::text[], checksum, created_at::timestamptz FROM pg_catalog.jsonb_to_recordset($1::jsonb) \
 AS kept (version text, name text, statements text, checksum text, created_at text)";

#[derive(Deserialize)]
struct Kept {
    place: String,
    checksum: String,
    mark: String,
    migrations: Option<String>,
    publications: Option<String>,
}

impl Backups {
    /// Puts a backup in the place of people's tables, with their policies, what is published of them, and the list of
    /// custom migrations. Accounts, files and keys stay as they are.
    ///
    /// # Errors
    /// `backup.not_found`; `workbench.backup_busy` while another is made; `workbench.backup_unusable` for one that is not
    /// complete, is on another machine, was damaged, or was made by a version that does not fit; 23503 when its rows refer
    /// to people who are gone; the database's. Nothing has changed then.
    pub async fn restore(&self, id: Uuid) -> Result<()> {
        let backup = self.show(id).await?;
        if backup.status != "completed" {
            return Err(unusable("The backup is not complete"));
        }
        let _turn = self.turn()?;
        let sql = "SELECT place, checksum, mark, migrations, publications FROM backups WHERE id = $1";
        let kept: Kept = self.platform.one(sql, params![id.to_string()]).await?;
        if kept.place != self.place.id {
            return Err(unusable("The backup's file is on another machine"));
        }
        let found = digest(self.path(id)).await;
        if found.as_ref().map(|(sum, _)| sum).ok() != Some(&kept.checksum) {
            return Err(unusable("The backup's file is missing or was changed"));
        }
        if kept.mark != self.mark().await? {
            return Err(unusable(
                "The backup was made by a version of Busbar that does not fit",
            ));
        }
        let mut beside = Beside {
            tables: DESCRIBING,
            statements: Vec::new(),
        };
        if let Some(migrations) = kept.migrations {
            beside.statements.push((FORGET.to_owned(), params![]));
            beside
                .statements
                .push((RECALL.to_owned(), vec![Value::Json(migrations)]));
        }
        let events = &self.schema.events;
        let published = kept.publications.as_deref();
        if let Some(publications) = published {
            beside
                .statements
                .extend(events.before_restore(publications).await?);
        }
        let done = self.data().restore_from(&self.path(id), beside).await;
        if done.is_err() && published.is_some() {
            events.after_restore().await?;
        }
        done?;
        self.schema.library.refresh().await
    }
}

pub(super) fn unusable(why: &'static str) -> Error {
    Error::conflict("workbench.backup_unusable", why)
}
