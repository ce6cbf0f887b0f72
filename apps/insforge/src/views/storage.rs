//! Files, buckets and their settings as InsForge writes them (`/api/storage`).

use busbar_files::limits::Limit;
use busbar_files::objects::Deletion;
use busbar_files::{Bucket, Object};
use busbar_kernel::clock::iso_millis;
use serde::Serialize;
use utoipa::ToSchema;

use crate::address::Address;

/// A stored file.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StorageFile {
    bucket: String,
    key: String,
    /// In bytes.
    size: u64,
    mime_type: Option<String>,
    /// ISO 8601 with milliseconds.
    uploaded_at: String,
    /// Absolute; a private file also needs a credential or a signed link.
    url: String,
}

impl StorageFile {
    pub(crate) fn of(object: &Object, address: &Address) -> Self {
        let path = address.of_object(object.bucket.as_str(), object.key.as_str());
        let version = match &object.etag {
            Some(etag) => etag.clone(),
            None => object.uploaded_at.timestamp_millis().to_string(),
        };
        Self {
            bucket: object.bucket.to_string(),
            key: object.key.to_string(),
            size: object.size,
            mime_type: object.mime_type.clone(),
            uploaded_at: iso_millis(object.uploaded_at),
            url: format!("{path}?v={version}"),
        }
    }
}

/// A stored file in a list, with the raw columns beside it.
#[derive(Serialize, ToSchema)]
pub(crate) struct ListedFile {
    #[serde(flatten)]
    file: StorageFile,
    mime_type: Option<String>,
    uploaded_at: String,
    uploaded_by: Option<String>,
    uploaded_via: &'static str,
    s3_access_key_id: Option<String>,
    /// MD5 of the content.
    etag: Option<String>,
}

impl ListedFile {
    pub(crate) fn of(object: &Object, address: &Address) -> Self {
        Self {
            file: StorageFile::of(object, address),
            mime_type: object.mime_type.clone(),
            uploaded_at: iso_millis(object.uploaded_at),
            uploaded_by: object.uploaded_by.clone(),
            uploaded_via: object.uploaded_via.name(),
            s3_access_key_id: object.s3_access_key_id.clone(),
            etag: object.etag.clone(),
        }
    }
}

/// A page of files.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FileList {
    pub(crate) data: Vec<ListedFile>,
    pub(crate) pagination: Pagination,
    pub(crate) next_actions: &'static str,
}

/// Where a page stands.
#[derive(Serialize, ToSchema)]
pub(crate) struct Pagination {
    pub(crate) offset: u64,
    pub(crate) limit: u64,
    /// On all pages.
    pub(crate) total: u64,
}

/// A bucket.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct BucketView {
    name: String,
    /// Whether anybody may download from it.
    public: bool,
    created_at: String,
}

impl From<Bucket> for BucketView {
    fn from(bucket: Bucket) -> Self {
        Self {
            name: bucket.name.to_string(),
            public: bucket.public,
            created_at: iso_millis(bucket.created_at),
        }
    }
}

/// The settings of storage.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StorageConfig {
    id: String,
    /// The limit of one file in megabytes.
    max_file_size_mb: u64,
    created_at: String,
    updated_at: String,
}

impl From<Limit> for StorageConfig {
    fn from(limit: Limit) -> Self {
        Self {
            id: limit.id.to_string(),
            max_file_size_mb: limit.megabytes(),
            created_at: iso_millis(limit.created_at),
            updated_at: iso_millis(limit.updated_at),
        }
    }
}

/// What became of each key.
#[derive(Serialize, ToSchema)]
pub(crate) struct Deletions {
    pub(crate) results: Vec<DeletionView>,
}

/// What became of one key.
#[derive(Serialize, ToSchema)]
pub(crate) struct DeletionView {
    key: String,
    /// `deleted`, `notFound` or `failed`.
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
}

impl DeletionView {
    pub(crate) fn of(key: String, deletion: Deletion) -> Self {
        let (status, message) = match deletion {
            Deletion::Deleted => ("deleted", None),
            Deletion::NotFound => ("notFound", None),
            Deletion::Refused(why) => ("failed", Some(why)),
        };
        Self { key, status, message }
    }
}

/// A sentence about what was done.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Done {
    pub(crate) message: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) next_actions: Option<&'static str>,
}
