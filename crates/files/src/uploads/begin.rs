//! Beginning an upload in parts.

use busbar_kernel::ids::Id;
use busbar_kernel::{Actor, Error, Result};
use busbar_store::params;

use super::Uploads;
use crate::objects::Attached;
use crate::rules::administrator;
use crate::{BucketName, ObjectKey};

/// The object to be.
pub struct NewUpload {
    /// The bucket.
    pub bucket: BucketName,
    /// The key.
    pub key: ObjectKey,
    /// The type that the client says it has.
    pub declared_type: Option<String>,
    /// Headers and tags that come back with it.
    pub attached: Attached,
    /// The access key that signs for it.
    pub access_key_id: Option<String>,
}

impl Uploads {
    /// Begins an upload and answers its identifier.
    ///
    /// # Errors
    /// `Forbidden` for others than administrators; `bucket.not_found`; as [`Attached::check`].
    pub async fn begin(&self, actor: &Actor, new: NewUpload) -> Result<Id> {
        administrator(actor)?;
        new.attached.check()?;
        let id = Id::new(self.0.clock.as_ref());
        let sql =
            "INSERT INTO storage.uploads (id, bucket, key, mime_type, attached, s3_access_key_id, created_at)
                   SELECT $1, b.name, $3, $4, $5, $6, $7 FROM storage.buckets AS b WHERE b.name = $2";
        let values = params![
            id,
            new.bucket.as_str(),
            new.key.as_str(),
            new.declared_type,
            new.attached.text(),
            new.access_key_id,
            self.0.clock.now(),
        ];
        match self.0.db.execute(sql, values).await? {
            0 => Err(Error::not_found("bucket")),
            _ => Ok(id),
        }
    }
}
