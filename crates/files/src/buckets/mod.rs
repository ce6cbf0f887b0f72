//! Buckets: where objects are kept, and whether anybody may read them.

mod create;
mod delete;
mod delete_empty;
mod list;
mod names;
mod set_public;

use std::sync::Arc;

use busbar_kernel::{Error, Result, Timestamp};
use busbar_store::params;
use serde::Deserialize;

use crate::{BucketName, Place};

/// The verbs on buckets.
#[derive(Clone)]
pub struct Buckets(pub(crate) Arc<Place>);

/// A bucket.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Bucket {
    /// Its name.
    pub name: BucketName,
    /// Whether anybody may download from it.
    pub public: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// A bucket with what it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BucketUsage {
    /// The bucket.
    pub bucket: Bucket,
    /// How many objects it holds.
    pub objects: u64,
    /// How many bytes they have together.
    pub bytes: u64,
}

impl Buckets {
    /// A bucket by name; it says nothing about the objects in it.
    ///
    /// # Errors
    /// `bucket.not_found`.
    pub async fn find(&self, name: &BucketName) -> Result<Bucket> {
        let sql = "SELECT name, public, created_at, updated_at FROM storage.buckets WHERE name = $1";
        let found = self.0.db.optional(sql, params![name.as_str()]).await?;
        found.ok_or_else(|| Error::not_found("bucket"))
    }
}
