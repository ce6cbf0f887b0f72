//! Calling off an upload in parts.

use busbar_kernel::ids::Id;
use busbar_kernel::{Actor, Error, Result};
use busbar_store::{Step, params};

use super::Uploads;
use crate::rules::administrator;
use crate::{BucketName, ObjectKey};

impl Uploads {
    /// Removes an upload and its parts.
    ///
    /// # Errors
    /// `Forbidden` for others than administrators; `upload.not_found`.
    pub async fn call_off(
        &self,
        actor: &Actor,
        (id, bucket, key): (Id, &BucketName, &ObjectKey),
    ) -> Result<()> {
        administrator(actor)?;
        self.find(id, bucket, key).await?;
        self.remove(id).await
    }

    /// Removes the rows, then the bytes.
    pub(super) async fn remove(&self, id: Id) -> Result<()> {
        let parts = "DELETE FROM storage.upload_parts WHERE upload = $1 RETURNING blob";
        let upload = "DELETE FROM storage.uploads WHERE id = $1";
        let steps = vec![Step::new(parts, params![id]), Step::new(upload, params![id])];
        let done = self.0.db.batch(steps).await?;
        let first = done.first();
        let blobs: Vec<Id> = first
            .ok_or_else(|| Error::internal("a batch of two answered none"))?
            .read()?;
        self.0.discard(&blobs).await;
        Ok(())
    }
}
