//! Buckets.

pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod list;
pub(crate) mod update;

use busbar_files::{Bucket, BucketUsage};
use busbar_kernel::clock::iso_millis;
use serde::Serialize;
use utoipa::ToSchema;

/// A bucket with what it holds.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct BucketView {
    name: String,
    public: bool,
    objects: u64,
    bytes: u64,
    created_at: String,
}

impl From<BucketUsage> for BucketView {
    fn from(usage: BucketUsage) -> Self {
        Self {
            objects: usage.objects,
            bytes: usage.bytes,
            ..Self::from(usage.bucket)
        }
    }
}

impl From<Bucket> for BucketView {
    fn from(bucket: Bucket) -> Self {
        Self {
            name: bucket.name.to_string(),
            public: bucket.public,
            objects: 0,
            bytes: 0,
            created_at: iso_millis(bucket.created_at),
        }
    }
}
