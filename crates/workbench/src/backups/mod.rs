//! Backups: copies of people's tables in a folder of their own, with a checksum, and the way back.

mod create;
mod download;
mod list;
mod place;
mod restore;
mod schedule;

use std::path::PathBuf;
use std::sync::Arc;

use busbar_kernel::clock::iso_millis;
use busbar_kernel::{Clock, Error, Result};
use busbar_schema::Schema;
use busbar_store::{Db, Dialect, Migration, MigrationSet, Value, params};
use sha2::{Digest, Sha256};
use uuid::Uuid;

pub use download::BackupFile;
pub use list::Backup;
use place::Place;
pub use schedule::{BackupSchedule, BackupScheduleChange};

pub(crate) const MIGRATIONS: MigrationSet = MigrationSet {
    name: "workbench_backups",
    migrations: &[
        Migration {
            number: 1,
            name: "backups",
            sqlite: include_str!("../../migrations/platform/0001_backups.sql"),
            postgres: include_str!("../../migrations/platform/0001_backups.sql"),
        },
        Migration {
            number: 2,
            name: "schedule",
            sqlite: include_str!("../../migrations/platform/0002_schedule.sql"),
            postgres: include_str!("../../migrations/platform/0002_schedule.sql"),
        },
    ],
};

/// What a backup was made by.
const MANUAL: &str = "manual";
const SCHEDULED: &str = "scheduled";

/// The system's tables that describe people's, and go with them into a backup and back.
const DESCRIBING: &[&str] = &[
    "system.change_publications",
    "system.custom_migrations",
    "system.policies",
    "system.policy_version",
    "system.row_security",
];

/// Of those, what speaks of a table of the system: its policies are no more part of people's tables than its rows.
const STAYING: &[(&str, &str)] = &[
    ("system.policies", "instr(table_name, '.') > 0"),
    ("system.row_security", "instr(table_name, '.') > 0"),
];

/// The right to make or restore a backup, for as long as it is held.
type Turn = tokio::sync::OwnedMutexGuard<()>;

/// Backups. Every verb is the administrator's: whoever calls it has checked that.
#[derive(Clone)]
pub struct Backups {
    platform: Db,
    schema: Schema,
    place: Arc<Place>,
    clock: Arc<dyn Clock>,
    /// One copy or restore at a time.
    busy: Arc<tokio::sync::Mutex<()>>,
}

impl Backups {
    pub(crate) async fn open(
        platform: Db,
        schema: Schema,
        folder: PathBuf,
        clock: Arc<dyn Clock>,
    ) -> Result<Self> {
        let place = tokio::task::spawn_blocking(move || Place::open(folder)).await;
        let place = place
            .map_err(|error| Error::internal("the folder of backups cannot be made").source(error))??;
        let backups = Self {
            platform,
            schema,
            place: Arc::new(place),
            clock,
            busy: Arc::default(),
        };
        backups.settle().await?;
        Ok(backups)
    }

    fn path(&self, id: Uuid) -> PathBuf {
        self.place.folder.join(format!("{id}.backup"))
    }

    fn data(&self) -> &Db {
        &self.schema.library.db
    }

    /// The right to make or restore a backup.
    ///
    /// # Errors
    /// `workbench.backup_busy` while somebody else has it.
    fn turn(&self) -> Result<Turn> {
        let turn = self.busy.clone().try_lock_owned();
        turn.map_err(|_| Error::conflict("workbench.backup_busy", "A backup is being made or restored"))
    }

    /// What this folder's process was making when it ended has failed; nobody else says so. Another process that has
    /// the folder is making it still.
    async fn settle(&self) -> Result<()> {
        if !self.place.is_ours() {
            return Ok(());
        }
        let sql = "UPDATE backups SET status = 'failed', error_message = 'Busbar ended while it was made', \
             completed_at = $2 WHERE status = 'running' AND place = $1";
        let values = vec![self.place.id.as_str().into(), self.now()];
        self.platform.execute(sql, values).await?;
        let place = self.place.clone();
        let tidied = tokio::task::spawn_blocking(move || place.tidy()).await;
        tidied.map_err(|error| Error::internal("the folder of backups cannot be tidied").source(error))?
    }

    /// What the copied tables of the system look like: a copy from a version that had others does not fit.
    async fn mark(&self) -> Result<String> {
        if self.data().dialect() == Dialect::Postgres {
            return Ok("public-1".to_owned());
        }
        let names: Vec<String> = DESCRIBING.iter().map(|name| format!("'{name}'")).collect();
        let sql = format!(
            "SELECT sql FROM sqlite_schema WHERE tbl_name IN ({}) AND sql IS NOT NULL ORDER BY name",
            names.join(", ")
        );
        let tables: Vec<String> = self.data().all(&sql, params![]).await?;
        Ok(hex::encode(&Sha256::digest(tables.join(";"))[..16]))
    }

    fn now(&self) -> Value {
        Value::Text(iso_millis(self.clock.now()))
    }
}

/// Removes a file that may be gone.
async fn remove(path: PathBuf) -> Result<()> {
    match tokio::fs::remove_file(&path).await {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(Error::internal("a backup's file cannot be removed").source(error))
        }
        _ => Ok(()),
    }
}

/// The SHA-256 and size of a file, read piece by piece.
async fn digest(path: PathBuf) -> Result<(String, u64)> {
    let read = tokio::task::spawn_blocking(move || {
        let mut file = std::fs::File::open(path)?;
        let mut digest = Sha256::new();
        let mut buffer = vec![0; 128 * 1024];
        let mut size = 0;
        loop {
            let count = std::io::Read::read(&mut file, &mut buffer)?;
            if count == 0 {
                return Ok::<_, std::io::Error>((hex::encode(digest.finalize()), size));
            }
            digest.update(&buffer[..count]);
            size += count as u64;
        }
    });
    let failed = "a backup's file cannot be read";
    read.await
        .map_err(|error| Error::internal(failed).source(error))?
        .map_err(|error| Error::internal(failed).source(error))
}
