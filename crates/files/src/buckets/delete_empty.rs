//! Removing a bucket in which there is nothing.

use busbar_kernel::{Actor, Error, Result};
use busbar_store::params;

use super::Buckets;
use crate::BucketName;
use crate::rules::administrator;

impl Buckets {
    /// Removes a bucket, with uploads in parts that were not completed, but only when it holds no object.
    ///
    /// # Errors
    /// `Forbidden` for others than administrators; `bucket.not_found`; `files.bucket_not_empty`.
    pub async fn delete_empty(&self, actor: &Actor, name: &BucketName) -> Result<()> {
        administrator(actor)?;
        let sql = "DELETE FROM storage.buckets WHERE name = $1
                   AND NOT EXISTS (SELECT 1 FROM storage.objects WHERE bucket = $1)";
        if self.0.db.execute(sql, params![name.as_str()]).await? > 0 {
            return Ok(());
        }
        self.find(name).await?;
        Err(Error::conflict(
            "files.bucket_not_empty",
            "The bucket still holds objects",
        ))
    }
}
