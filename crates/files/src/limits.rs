//! How large one file may be.

use std::sync::Arc;

use busbar_kernel::ids::Id;
use busbar_kernel::{Actor, Error, Result, Timestamp};
use busbar_store::{Db, params};
use serde::Deserialize;

use crate::Place;
use crate::rules::administrator;

/// Bytes of a megabyte.
pub const MEGABYTE: u64 = 1024 * 1024;

/// The limit of one file.
#[derive(Clone)]
pub struct Limits(pub(crate) Arc<Place>);

/// The limit in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// The identifier of the settings' one row.
    pub id: Id,
    /// In bytes.
    pub bytes: u64,
    /// When the row was made.
    pub created_at: Timestamp,
    /// When the limit was last set.
    pub updated_at: Timestamp,
}

impl Limit {
    /// In megabytes, rounded up.
    pub fn megabytes(&self) -> u64 {
        self.bytes.div_ceil(MEGABYTE)
    }
}

/// The settings' one row.
#[derive(Deserialize)]
pub(crate) struct Row {
    pub(crate) id: Id,
    max_file_size_mb: Option<u64>,
    created_at: Timestamp,
    updated_at: Timestamp,
}

pub(crate) async fn read(db: &Db) -> Result<Row> {
    db.one(
        "SELECT id, max_file_size_mb, created_at, updated_at FROM storage.config",
        params![],
    )
    .await
}

impl Limits {
    /// The limit in force, for administrators.
    ///
    /// # Errors
    /// `Forbidden` for others; trouble with the database.
    pub async fn show(&self, actor: &Actor) -> Result<Limit> {
        administrator(actor)?;
        Ok(self.limit(&read(&self.0.db).await?))
    }

    /// Sets the limit to 1 to 200 megabytes.
    ///
    /// # Errors
    /// `Forbidden` for others than administrators; `Invalid` outside of the bounds.
    pub async fn set(&self, actor: &Actor, megabytes: u64) -> Result<Limit> {
        administrator(actor)?;
        if !(1..=200).contains(&megabytes) {
            let message = "The limit of one file is 1 to 200 MB";
            return Err(Error::invalid("maxFileSizeMb", message));
        }
        let sql = "UPDATE storage.config SET max_file_size_mb = $1, updated_at = $2
                   RETURNING id, max_file_size_mb, created_at, updated_at";
        let rows: Vec<Row> = self
            .0
            .db
            .returning(sql, params![megabytes, self.0.clock.now()])
            .await?;
        let row = rows.first();
        row.map(|row| self.limit(row))
            .ok_or_else(|| Error::internal("the settings of files have no row"))
    }

    fn limit(&self, row: &Row) -> Limit {
        Limit {
            id: row.id,
            bytes: self.0.limit(row.max_file_size_mb),
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

impl Place {
    /// The limit in bytes: an administrator's, else the variable's.
    pub(crate) fn limit(&self, set: Option<u64>) -> u64 {
        set.map_or(self.settings.max_file_size, |megabytes| megabytes * MEGABYTE)
    }
}
