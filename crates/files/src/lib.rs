//! Buckets and objects.
#![doc = include_str!("../README.md")]

use std::sync::Arc;

use busbar_kernel::ids::Id;
use busbar_kernel::{Clock, Result, Secret};
use busbar_ports::objects::ObjectStore;
use busbar_schema::catalogue::Library;
use busbar_store::Db;

pub mod access_keys;
pub mod buckets;
pub mod config;
pub mod limits;
pub mod links;
mod migrations;
pub mod objects;
mod orphans;
mod quota;
mod reach;
pub mod rules;
mod sealing;
pub mod uploads;

pub use access_keys::{AccessKey, AccessKeys};
pub use buckets::{Bucket, BucketUsage, Buckets};
pub use limits::Limits;
pub use links::{Link, Links};
pub use migrations::MIGRATIONS;
pub use objects::{Object, Objects};
pub use rules::{BucketName, ObjectKey, ObjectRule};
pub use sealing::Sealer;
pub use uploads::Uploads;

/// What the capability is told at start.
#[derive(Clone, Debug)]
pub struct FilesSettings {
    /// `MAX_FILE_SIZE`, in bytes: the limit of one file until an administrator sets another.
    pub max_file_size: u64,
    /// What signed-in people may do with objects that are not theirs.
    pub rule: ObjectRule,
    /// The secret from which the key of signed links is derived; whoever knows it can sign.
    pub link_secret: Secret,
    /// `S3_MAX_OBJECT_SIZE`, in bytes: the limit of one object that comes by the S3 gateway.
    pub s3_max_object_size: u64,
    /// `STORAGE_QUOTA`, in bytes: what all objects may have together.
    pub quota: Option<u64>,
    /// `BUCKET_QUOTA`, in bytes: what the objects of one bucket may have together.
    pub bucket_quota: Option<u64>,
    /// Seals the secrets of access keys.
    pub sealer: Arc<dyn Sealer>,
}

/// Buckets and objects of one database: rows in its `storage` tables, bytes in the object store.
#[derive(Clone)]
pub struct Files {
    /// Buckets.
    pub buckets: Buckets,
    /// Objects.
    pub objects: Objects,
    /// Uploads in parts.
    pub uploads: Uploads,
    /// Access keys of the S3 gateway.
    pub access_keys: AccessKeys,
    /// Signed links.
    pub links: Links,
    /// The limit of one file.
    pub limits: Limits,
    place: Arc<Place>,
}

/// What every verb works with.
pub(crate) struct Place {
    pub(crate) db: Db,
    pub(crate) library: Arc<Library>,
    pub(crate) bytes: Arc<dyn ObjectStore>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) settings: FilesSettings,
    /// Where this database's bytes lie in the object store.
    pub(crate) room: Id,
}

impl Files {
    /// Opens the files of a data scope, to which [`MIGRATIONS`] must have been applied. Its catalogue holds the policies
    /// of `storage.objects`.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn open(
        library: Arc<Library>,
        bytes: Arc<dyn ObjectStore>,
        clock: Arc<dyn Clock>,
        settings: FilesSettings,
    ) -> Result<Self> {
        let db = library.db.clone();
        let row = limits::read(&db).await?;
        let place = Arc::new(Place {
            db,
            library,
            bytes,
            clock,
            settings,
            room: row.id,
        });
        Ok(Self {
            buckets: Buckets(Arc::clone(&place)),
            objects: Objects(Arc::clone(&place)),
            uploads: Uploads(Arc::clone(&place)),
            access_keys: AccessKeys(Arc::clone(&place)),
            links: Links::new(Arc::clone(&place)),
            limits: Limits(Arc::clone(&place)),
            place,
        })
    }

    /// Tells the files of this database from those of any other.
    pub fn room(&self) -> Id {
        self.place.room
    }

    /// Calls off uploads in parts that nobody went on with for a week, forgets those to the object store itself that
    /// nobody confirmed, removes bytes that no object refers to, left behind by a crash between bytes and row, and
    /// answers how many it forgot and removed. Bytes younger than a day are spared: their row may still be on its way.
    ///
    /// # Errors
    /// Trouble with the database or the object store.
    pub async fn sweep_orphans(&self) -> Result<u64> {
        uploads::sweep(&self.place).await?;
        let forgotten = self.place.forget_abandoned().await?;
        Ok(forgotten + orphans::sweep(&self.place).await?)
    }
}
