//! Restoring: the copy's checksum first, then all of it in one transaction.

use busbar_kernel::{Error, Result};
use busbar_schema::policies::OBJECTS;
use busbar_store::{Beside, params};
use serde::Deserialize;
use uuid::Uuid;

use super::{Backups, DESCRIBING, STAYING, digest};
use crate::migrations::write_down;

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
    /// custom migrations. Accounts, files, keys and the policies of files stay as they are.
    ///
    /// # Errors
    /// `backup.not_found`; `workbench.backup_busy` while another is made; `workbench.backup_unusable` for one that is not
    /// complete, is on another machine, was damaged, or was made by a version that does not fit; 23503 when its rows refer
    /// to people who are gone; 2BP01 when a policy of files asks a table that it does not have, on PostgreSQL any table;
    /// the database's. Nothing has changed then.
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
            staying: STAYING,
            needed: self.needed(),
            statements: Vec::new(),
        };
        let ticket = match kept.migrations {
            None => None,
            Some(migrations) => {
                let ticket = write_down(self.data(), self.clock.as_ref(), true, migrations).await?;
                beside.statements.push(ticket.recording());
                Some(ticket)
            }
        };
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
        if let (Err(_), Some(ticket)) = (&done, &ticket) {
            ticket.forget(self.data()).await?;
        }
        done?;
        self.schema.library.refresh().await
    }

    /// The tables that policies of files ask, which stay as they are: without a table that one asks it would shut
    /// everybody out.
    fn needed(&self) -> Vec<(String, String)> {
        let catalogue = self.schema.library.current();
        let asking = catalogue.asks().iter().filter(|asks| asks.table == OBJECTS);
        let needed = asking.map(|asks| {
            let why = format!("policy {} on table {} depends on it", asks.policy, asks.table);
            (asks.asked.clone(), why)
        });
        needed.collect()
    }
}

pub(super) fn unusable(why: &'static str) -> Error {
    Error::conflict("workbench.backup_unusable", why)
}
