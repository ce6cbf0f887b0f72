//! Listing, naming and deleting backups.

use busbar_kernel::{Error, Result};
use busbar_store::params;
use serde::Deserialize;
use uuid::Uuid;

use super::{Backups, remove};

/// So many are listed.
pub(super) const LISTED: i64 = 1000;

/// A backup.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
pub struct Backup {
    /// Its id.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// `manual` or `scheduled`.
    pub trigger_source: String,
    /// `running`, `completed` or `failed`.
    pub status: String,
    /// Its size, once it is complete.
    pub size_bytes: Option<u64>,
    /// Why it failed.
    pub error_message: Option<String>,
    /// Who asked for it.
    pub created_by: String,
    /// When it began, in RFC 3339 with milliseconds.
    pub created_at: String,
    /// When it was complete.
    pub completed_at: Option<String>,
}

const COLUMNS: &str = "id, name, trigger_source, status, size_bytes, error_message, created_by, created_at, \
 completed_at";

impl Backups {
    /// All of them, newest first, at most 1,000.
    ///
    /// # Errors
    /// The database's.
    pub async fn list(&self) -> Result<Vec<Backup>> {
        let sql = format!("SELECT {COLUMNS} FROM backups ORDER BY created_at DESC, id DESC LIMIT $1");
        self.platform.all(&sql, params![LISTED]).await
    }

    /// One of them.
    ///
    /// # Errors
    /// `backup.not_found`.
    pub async fn show(&self, id: Uuid) -> Result<Backup> {
        let sql = format!("SELECT {COLUMNS} FROM backups WHERE id = $1");
        let found = self.platform.optional(&sql, params![id.to_string()]).await?;
        found.ok_or_else(|| Error::not_found("backup"))
    }

    /// Gives it another name.
    ///
    /// # Errors
    /// `backup.not_found`; `input.invalid` for a name that is empty or longer than 200 characters.
    pub async fn rename(&self, id: Uuid, name: &str) -> Result<Backup> {
        checked(name)?;
        let sql = "UPDATE backups SET name = $2 WHERE id = $1";
        self.platform.execute(sql, params![id.to_string(), name]).await?;
        self.show(id).await
    }

    /// Deletes it and its file.
    ///
    /// # Errors
    /// `backup.not_found`; `workbench.backup_busy` while one is made or restored: it might be this one.
    pub async fn delete(&self, id: Uuid) -> Result<()> {
        if self.show(id).await?.status == "running" {
            return Err(Error::conflict(
                "workbench.backup_busy",
                "The backup is being made",
            ));
        }
        let _turn = self.turn()?;
        self.discard(id).await
    }

    /// Deletes one in a turn that somebody has.
    pub(super) async fn discard(&self, id: Uuid) -> Result<()> {
        // The row goes last: what is listed can be deleted again.
        remove(self.path(id)).await?;
        let sql = "DELETE FROM backups WHERE id = $1";
        self.platform.execute(sql, params![id.to_string()]).await?;
        Ok(())
    }
}

pub(super) fn checked(name: &str) -> Result<()> {
    let length = name.chars().count();
    if length == 0 || length > 200 || name.chars().any(char::is_control) {
        return Err(Error::invalid("name", "A name has 1 to 200 printable characters"));
    }
    Ok(())
}
