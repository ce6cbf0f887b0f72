//! Opening a bucket to everybody, or closing it.

use busbar_kernel::{Actor, Error, Result};
use busbar_store::params;

use super::{Bucket, Buckets};
use crate::BucketName;
use crate::rules::administrator;

impl Buckets {
    /// Says whether anybody may download from the bucket.
    ///
    /// # Errors
    /// `Forbidden` for others than administrators; `bucket.not_found`.
    pub async fn set_public(&self, actor: &Actor, name: &BucketName, public: bool) -> Result<Bucket> {
        administrator(actor)?;
        let sql = "UPDATE storage.buckets SET public = $2, updated_at = $3 WHERE name = $1
                   RETURNING name, public, created_at, updated_at";
        let params = params![name.as_str(), public, self.0.clock.now()];
        let changed: Vec<Bucket> = self.0.db.returning(sql, params).await?;
        changed
            .into_iter()
            .next()
            .ok_or_else(|| Error::not_found("bucket"))
    }
}
