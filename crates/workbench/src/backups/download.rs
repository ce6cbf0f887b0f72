//! A backup's file, to be kept elsewhere.

use std::io::ErrorKind;

use busbar_kernel::{Error, Result};
use busbar_store::{Dialect, params};
use bytes::Bytes;
use futures_util::stream::BoxStream;
use futures_util::{StreamExt, TryStreamExt};
use tokio_util::io::ReaderStream;
use uuid::Uuid;

use super::restore::unusable;
use super::{Backup, Backups};

/// So much of the file is read at a time, in bytes.
const PIECE: usize = 128 * 1024;

/// A backup's file, read in constant memory.
pub struct BackupFile {
    /// The backup.
    pub backup: Backup,
    /// What such files are called at their end: `sqlite`, or `dump` as `pg_restore` reads it.
    pub extension: &'static str,
    /// Its size in bytes.
    pub size: u64,
    /// Its bytes; an error ends them early.
    pub body: BoxStream<'static, Result<Bytes>>,
}

impl Backups {
    /// The file of a complete backup.
    ///
    /// # Errors
    /// `backup.not_found`; `workbench.backup_unusable` for one that is not complete, is on another machine or is missing.
    pub async fn file(&self, id: Uuid) -> Result<BackupFile> {
        let backup = self.show(id).await?;
        if backup.status != "completed" {
            return Err(unusable("The backup is not complete"));
        }
        let place: String = self
            .platform
            .one("SELECT place FROM backups WHERE id = $1", params![id.to_string()])
            .await?;
        if place != self.place.id {
            return Err(unusable("The backup's file is on another machine"));
        }
        let trouble = |error: std::io::Error| match error.kind() {
            ErrorKind::NotFound => unusable("The backup's file is missing or was changed"),
            _ => Error::internal("a backup's file cannot be read").source(error),
        };
        let file = tokio::fs::File::open(self.path(id)).await.map_err(trouble)?;
        let size = file.metadata().await.map_err(trouble)?.len();
        if Some(size) != backup.size_bytes {
            return Err(unusable("The backup's file is missing or was changed"));
        }
        let pieces = ReaderStream::with_capacity(file, PIECE);
        let failed = |error| Error::internal("a backup's file cannot be read").source(error);
        Ok(BackupFile {
            backup,
            extension: match self.data().dialect() {
                Dialect::Sqlite => "sqlite",
                Dialect::Postgres => "dump",
            },
            size,
            body: pieces.map_err(failed).boxed(),
        })
    }
}
