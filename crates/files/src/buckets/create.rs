//! Making a bucket.

use busbar_kernel::{Actor, Error, Result};
use busbar_store::params;

use super::{Bucket, Buckets};
use crate::BucketName;
use crate::rules::administrator;

impl Buckets {
    /// Makes a bucket.
    ///
    /// # Errors
    /// `Forbidden` for others than administrators; `files.bucket_exists`.
    pub async fn create(&self, actor: &Actor, name: &BucketName, public: bool) -> Result<Bucket> {
        administrator(actor)?;
        let sql = "INSERT INTO storage.buckets (name, public, created_at, updated_at) VALUES ($1, $2, $3, $3)
                   ON CONFLICT (name) DO NOTHING
                   RETURNING name, public, created_at, updated_at";
        let params = params![name.as_str(), public, self.0.clock.now()];
        let made: Vec<Bucket> = self.0.db.returning(sql, params).await?;
        made.into_iter().next().ok_or_else(|| {
            Error::conflict("files.bucket_exists", format!("Bucket \"{name}\" already exists"))
        })
    }
}
