//! Removing a bucket with everything in it.

use busbar_kernel::ids::Id;
use busbar_kernel::{Actor, Error, Result};
use busbar_store::{Step, params};

use super::Buckets;
use crate::BucketName;
use crate::rules::administrator;

/// How many objects go in one transaction, so that a large bucket neither fills memory nor holds up writers.
const AT_ONCE: u32 = 1000;

impl Buckets {
    /// Removes a bucket, its objects and their bytes. The bucket goes last: cut off in between, it is there
    /// with what is left, and can be deleted again.
    ///
    /// # Errors
    /// `Forbidden` for others than administrators; `bucket.not_found`.
    pub async fn delete(&self, actor: &Actor, name: &BucketName) -> Result<()> {
        administrator(actor)?;
        self.find(name).await?;
        let some = "DELETE FROM storage.objects WHERE bucket = $1
                    AND key IN (SELECT key FROM storage.objects WHERE bucket = $1 ORDER BY key LIMIT $2)
                    RETURNING blob";
        loop {
            let params = params![name.as_str(), AT_ONCE];
            let blobs: Vec<Id> = self.0.db.returning(some, params).await?;
            if blobs.is_empty() {
                break;
            }
            self.0.discard(&blobs).await;
        }
        let rest = "DELETE FROM storage.objects WHERE bucket = $1 RETURNING blob";
        let bucket = "DELETE FROM storage.buckets WHERE name = $1 RETURNING name";
        let done = self
            .0
            .db
            .batch(vec![
                Step::new(rest, params![name.as_str()]),
                Step::new(bucket, params![name.as_str()]),
            ])
            .await?;
        let late = done.first().map(|done| done.rows.as_slice()).unwrap_or_default();
        let late: Vec<Id> = late.iter().map(|row| row.read()).collect::<Result<_>>()?;
        self.0.discard(&late).await;
        match done.last() {
            Some(gone) if gone.rows.is_empty() => Err(Error::not_found("bucket")),
            _ => Ok(()),
        }
    }
}
