//! Making a backup: a row first, then the file, durable before the row says so.

use busbar_kernel::clock::iso_millis;
use busbar_kernel::ids::new_uuid;
use busbar_kernel::{Error, Result};
use busbar_store::{Dialect, params};
use uuid::Uuid;

use super::list::{LISTED, checked};
use super::{Backup, Backups, DESCRIBING, MANUAL, Turn, digest, remove};
use crate::migrations::{Entry, entries};

const BEGIN: &str = "INSERT INTO backups (id, name, trigger_source, status, created_by, created_at, place) \
 VALUES ($1, $2, $3, 'running', $4, $5, $6)";

const FAIL: &str =
    "UPDATE backups SET status = 'failed', error_message = $2, completed_at = $3 WHERE id = $1";

const COMPLETE: &str = "UPDATE backups SET status = 'completed', size_bytes = $2, checksum = $3, mark = $4, \
 migrations = $5, publications = $6, completed_at = $7 WHERE id = $1";

const MIGRATIONS: &str = "SELECT version, name, statements::text AS statements, checksum, created_at::text AS created_at \
 FROM system.custom_migrations ORDER BY version";

impl Backups {
    /// Begins a backup; it is made in the background, and its row tells how it ended.
    ///
    /// # Errors
    /// `input.invalid` for the name; `workbench.backup_busy` while one is made; `workbench.backups_full` when there are
    /// 1,000; the database's.
    pub async fn create(&self, name: Option<&str>, by: &str) -> Result<Backup> {
        let given = || format!("Backup {}", iso_millis(self.clock.now()));
        let name = name.map_or_else(given, str::to_owned);
        checked(&name)?;
        self.begin(self.turn()?, &name, MANUAL, by).await
    }

    /// Begins one in its turn.
    pub(super) async fn begin(&self, turn: Turn, name: &str, source: &str, by: &str) -> Result<Backup> {
        let count: i64 = self
            .platform
            .one("SELECT count(*) FROM backups", params![])
            .await?;
        if count >= LISTED {
            return Err(Error::conflict(
                "workbench.backups_full",
                "There are 1,000 backups; delete some",
            ));
        }
        let id = new_uuid(self.clock.as_ref());
        let now = iso_millis(self.clock.now());
        let values = params![id.to_string(), name, source, by, now, self.place.id.as_str()];
        self.platform.execute(BEGIN, values).await?;
        let begun = self.show(id).await?;
        let backups = self.clone();
        tokio::spawn(async move {
            let _turn = turn;
            if let Err(error) = backups.make(id).await {
                tracing::error!(error = error.operator_line(), %id, "a backup failed");
                let _ = remove(backups.path(id).with_extension("part")).await;
                let values = vec![id.to_string().into(), error.message().into(), backups.now()];
                let _ = backups.platform.execute(FAIL, values).await;
            }
        });
        Ok(begun)
    }

    async fn make(&self, id: Uuid) -> Result<()> {
        let part = self.path(id).with_extension("part");
        remove(part.clone()).await?;
        let mark = self.mark().await?;
        let migrations = self.migrations().await?;
        let publications = self.schema.events.kept().await?;
        self.data().copy_to(&part, DESCRIBING).await?;
        let (checksum, size) = digest(part.clone()).await?;
        let (from, to, folder) = (part, self.path(id), self.place.folder.clone());
        let placed = tokio::task::spawn_blocking(move || {
            std::fs::rename(from, to)?;
            std::fs::File::open(folder)?.sync_all()
        });
        placed
            .await
            .map_err(|error| Error::internal("a backup cannot be kept").source(error))?
            .map_err(|error| Error::internal("a backup cannot be kept").source(error))?;
        let values = vec![
            id.to_string().into(),
            size.into(),
            checksum.into(),
            mark.into(),
            migrations.into(),
            publications.into(),
            self.now(),
        ];
        self.platform.execute(COMPLETE, values).await?;
        Ok(())
    }

    /// What was applied to the tables in the copy.
    async fn migrations(&self) -> Result<Option<String>> {
        if self.data().dialect() == Dialect::Sqlite {
            return Ok(None);
        }
        // Only people's own schema is in the file there.
        let kept: Vec<Entry<String>> = self.data().all(MIGRATIONS, params![]).await?;
        entries(&kept).map(Some)
    }
}
