//! Uploads in parts: each part is stored as it comes, and at the end all become one object.

mod begin;
mod call_off;
mod complete;
mod list;
mod part;

use std::sync::Arc;
use std::time::Duration;

use busbar_kernel::ids::Id;
use busbar_kernel::{Error, Result, Timestamp};
use busbar_store::params;
use serde::Deserialize;

use crate::{BucketName, ObjectKey, Place};

pub use begin::NewUpload;
pub use complete::NamedPart;
pub use list::UploadPage;

/// The verbs on uploads in parts; all of them are for administrators.
#[derive(Clone)]
pub struct Uploads(pub(crate) Arc<Place>);

/// An upload in parts that is not complete.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct PendingUpload {
    /// Its identifier.
    pub id: Id,
    /// The bucket of the object to be.
    pub bucket: BucketName,
    /// The key of the object to be.
    pub key: ObjectKey,
    /// The type that the client says it has.
    pub mime_type: Option<String>,
    /// The access key that signed for it.
    pub s3_access_key_id: Option<String>,
    /// When it was begun.
    pub created_at: Timestamp,
    attached: Option<String>,
}

/// A part that was stored.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Part {
    /// Its place, from 1 to 10,000.
    pub number: u32,
    /// How many bytes it has.
    pub size: u64,
    /// MD5 of its bytes, in hexadecimal digits.
    pub etag: String,
    /// When it was stored.
    pub created_at: Timestamp,
    blob: Id,
}

const UPLOAD: &str = "id, bucket, key, mime_type, s3_access_key_id, created_at, attached";

const PART: &str = "number, size, etag, created_at, blob";

/// An upload that nobody went on with for so long is called off.
const ABANDONED: Duration = Duration::from_secs(7 * 24 * 3600);

impl Uploads {
    /// The most parts of one upload.
    pub const MOST_PARTS: u32 = 10_000;

    /// An upload that was begun for this object.
    pub(crate) async fn find(&self, id: Id, bucket: &BucketName, key: &ObjectKey) -> Result<PendingUpload> {
        let sql = format!("SELECT {UPLOAD} FROM storage.uploads WHERE id = $1 AND bucket = $2 AND key = $3");
        let values = params![id, bucket.as_str(), key.as_str()];
        let found = self.0.db.optional(&sql, values).await?;
        found.ok_or_else(|| Error::not_found("upload"))
    }
}

/// Calls off what was abandoned, a page at a time.
pub(crate) async fn sweep(place: &Arc<Place>) -> Result<()> {
    let sql = "SELECT u.id FROM storage.uploads AS u WHERE u.created_at < $1 AND NOT EXISTS
               (SELECT 1 FROM storage.upload_parts AS p WHERE p.upload = u.id AND p.created_at >= $1)
               ORDER BY u.id LIMIT 100";
    let uploads = Uploads(Arc::clone(place));
    loop {
        let old: Vec<Id> = place.db.all(sql, params![place.clock.now() - ABANDONED]).await?;
        if old.is_empty() {
            return Ok(());
        }
        for id in old {
            tracing::info!(upload = %id, "an abandoned upload in parts is called off");
            uploads.remove(id).await?;
        }
    }
}
