//! Objects: a row that says what it is and whose, and bytes that never change under the row.

mod attached;
mod delete;
mod direct;
mod download;
mod keys;
mod list;
mod upload;

use std::sync::Arc;

use busbar_kernel::ids::Id;
use busbar_kernel::{Result, Timestamp};
use busbar_ports::objects::ObjectName;
use busbar_store::params;
use serde::Deserialize;

use crate::{BucketName, ObjectKey, Place};

pub use attached::Attached;
pub use delete::Deletion;
pub use direct::DirectUpload;
pub use download::{Download, Selection};
pub use keys::{KeyEntry, KeyList, KeyPage};
pub use list::{ObjectList, ObjectPage};
pub use upload::{Announced, Condition, Upload, Via, ViaS3};

/// The verbs on objects.
#[derive(Clone)]
pub struct Objects(pub(crate) Arc<Place>);

/// An object without its bytes.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Object {
    /// The bucket.
    pub bucket: BucketName,
    /// The key in it.
    pub key: ObjectKey,
    /// How many bytes it has.
    pub size: u64,
    /// What it was taken for when it was stored.
    pub mime_type: Option<String>,
    /// When it was stored.
    pub uploaded_at: Timestamp,
    /// The subject that owns it; `None` when an administrator stored it.
    pub uploaded_by: Option<String>,
    /// The door it came by.
    pub uploaded_via: Via,
    /// The key of the S3 gateway it came by.
    pub s3_access_key_id: Option<String>,
    /// MD5 of the content, in hexadecimal digits.
    pub etag: Option<String>,
    /// The bytes' identifier: another one after every upload, so that bytes never change under a reader.
    pub(crate) blob: Id,
    /// What an S3 client attached, as JSON text.
    pub(crate) attached: Option<String>,
}

/// The columns of [`Object`], of the table called `o`.
pub(crate) const COLUMNS: &str = "o.bucket, o.key, o.size, o.mime_type, o.uploaded_at, o.uploaded_by, \
                                  o.uploaded_via, o.s3_access_key_id, o.etag, o.blob, o.attached";

impl Place {
    /// Where the bytes of a blob lie.
    pub(crate) fn name(&self, blob: Id) -> ObjectName {
        ObjectName::of(self.room, blob)
    }

    /// An object and whether its bucket is public. The outer `None` says that there is no bucket, the inner one
    /// that there is no object.
    pub(crate) async fn look_up(
        &self,
        bucket: &BucketName,
        key: &ObjectKey,
    ) -> Result<Option<(bool, Option<Object>)>> {
        let public = "SELECT public FROM storage.buckets WHERE name = $1";
        let Some(public) = self.db.optional(public, params![bucket.as_str()]).await? else {
            return Ok(None);
        };
        let sql = format!("SELECT {COLUMNS} FROM storage.objects AS o WHERE o.bucket = $1 AND o.key = $2");
        let object = self
            .db
            .optional(&sql, params![bucket.as_str(), key.as_str()])
            .await?;
        Ok(Some((public, object)))
    }

    /// Removes bytes to which no row refers any more; what cannot be removed is left to the sweep.
    pub(crate) async fn discard(&self, blobs: &[Id]) {
        for blob in blobs {
            if let Err(error) = self.bytes.delete(&self.name(*blob)).await {
                tracing::warn!(blob = %blob, error = error.operator_line(), "bytes were left for the sweep");
            }
        }
    }
}
