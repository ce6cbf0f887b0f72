//! What was begun, and which parts came.

use busbar_kernel::ids::Id;
use busbar_kernel::{Actor, Result};
use busbar_store::params;

use super::{PART, Part, PendingUpload, UPLOAD, Uploads};
use crate::rules::administrator;
use crate::{BucketName, ObjectKey};

/// A page of uploads that are not complete.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UploadPage {
    /// In the order of their keys, then of their identifiers.
    pub uploads: Vec<PendingUpload>,
    /// Whether more follow.
    pub truncated: bool,
}

impl Uploads {
    /// The uploads of a bucket whose keys begin with `prefix` and that come after a key (and, of that key, after
    /// an identifier), at most 1,000.
    ///
    /// # Errors
    /// `Forbidden` for others than administrators.
    pub async fn list(
        &self,
        actor: &Actor,
        bucket: &BucketName,
        prefix: &str,
        (after_key, after_id): (&str, Option<Id>),
        limit: usize,
    ) -> Result<UploadPage> {
        administrator(actor)?;
        let limit = limit.min(1000);
        let sql = format!(
            "SELECT {UPLOAD} FROM storage.uploads WHERE bucket = $1 AND substr(key, 1, length($2)) = $2
             AND (key > $3 OR (key = $3 AND id > $4)) ORDER BY key, id LIMIT $5"
        );
        // Without an identifier everything of that key is passed over: nothing is greater than NULL.
        let values = params![
            bucket.as_str(),
            prefix,
            after_key,
            after_id,
            u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1),
        ];
        let mut uploads: Vec<PendingUpload> = self.0.db.all(&sql, values).await?;
        let truncated = uploads.len() > limit;
        uploads.truncate(limit);
        Ok(UploadPage { uploads, truncated })
    }

    /// The parts of an upload after a number, at most `limit` and 1,000, and whether more follow.
    ///
    /// # Errors
    /// `Forbidden` for others than administrators; `upload.not_found`.
    pub async fn parts(
        &self,
        actor: &Actor,
        (id, bucket, key): (Id, &BucketName, &ObjectKey),
        after: u32,
        limit: usize,
    ) -> Result<(Vec<Part>, bool)> {
        administrator(actor)?;
        self.find(id, bucket, key).await?;
        let limit = limit.min(1000);
        let sql = format!(
            "SELECT {PART} FROM storage.upload_parts WHERE upload = $1 AND number > $2 ORDER BY number LIMIT $3"
        );
        let values = params![
            id,
            after,
            u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1)
        ];
        let mut parts: Vec<Part> = self.0.db.all(&sql, values).await?;
        let more = parts.len() > limit;
        parts.truncate(limit);
        Ok((parts, more))
    }

    /// Every part of an upload: at most 10,000, by their numbers.
    pub(super) async fn all_parts(&self, id: Id) -> Result<Vec<Part>> {
        let sql = format!("SELECT {PART} FROM storage.upload_parts WHERE upload = $1 ORDER BY number");
        self.0.db.all(&sql, params![id]).await
    }
}
