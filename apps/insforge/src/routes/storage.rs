//! Storage: its settings, buckets, objects.

use std::time::Duration;

use busbar_platform::{Access, Routes, delete, get, patch, post, public, put};

use crate::Services;
use crate::errors::storage_shape;
use crate::handlers::objects::strategy::{DownloadStrategy, Lifetime};
use crate::handlers::{buckets, objects, storage_config};
use crate::permissions::{OBJECTS_USE, STORAGE_MANAGE};
use crate::views::storage::{BucketView, Deletions, Done, FileList, StorageConfig, StorageFile};

const BUCKETS: &str = "/api/storage/buckets";
const BUCKET: &str = "/api/storage/buckets/{bucket}";
const OBJECTS: &str = "/api/storage/buckets/{bucket}/objects";
const OBJECT: &str = "/api/storage/buckets/{bucket}/objects/{*key}";

/// The form around a file; the file's own limit is counted while it comes.
pub(super) const FORM_LIMIT: usize = 5 * 1024 * 1024 * 1024;

/// How long an upload may take.
pub(super) const UPLOAD_TIME: Duration = Duration::from_secs(15 * 60);

const READ: Access =
    public("public buckets are open to all; private ones ask for a credential or a signed link");

/// The routes of storage.
pub(crate) fn table() -> Routes<Services> {
    managing().merge(using())
}

fn managing() -> Routes<Services> {
    Routes::new()
        .group("storage")
        .shape(storage_shape)
        .route(
            get(
                "/api/storage/config",
                &STORAGE_MANAGE,
                storage_config::show::handle,
            )
            .summary("The limit of one file")
            .answers::<StorageConfig>(200, "The settings"),
        )
        .route(
            put(
                "/api/storage/config",
                &STORAGE_MANAGE,
                storage_config::change::handle,
            )
            .summary("Sets the limit of one file")
            .body::<storage_config::change::Change>()
            .answers::<StorageConfig>(200, "The settings as they are now"),
        )
        .route(
            get(BUCKETS, &STORAGE_MANAGE, buckets::list::handle)
                .summary("All buckets")
                .answers::<Vec<BucketView>>(200, "The buckets"),
        )
        .route(
            post(BUCKETS, &STORAGE_MANAGE, buckets::create::handle)
                .summary("Makes a bucket")
                .body::<buckets::create::NewBucket>()
                .answers::<buckets::create::Created>(201, "The bucket"),
        )
        .route(
            patch(BUCKET, &STORAGE_MANAGE, buckets::change::handle)
                .summary("Opens a bucket to everybody, or closes it")
                .body::<buckets::change::Change>()
                .answers::<buckets::change::Changed>(200, "The bucket as it is now"),
        )
        .route(
            delete(BUCKET, &STORAGE_MANAGE, buckets::delete::handle)
                .summary("Removes a bucket with its objects")
                .answers::<Done>(200, "It is gone"),
        )
}

fn using() -> Routes<Services> {
    Routes::new()
        .group("storage")
        .shape(storage_shape)
        .route(
            get(OBJECTS, &OBJECTS_USE, objects::list::handle)
                .summary("The objects that the caller may see")
                .params::<objects::list::Page>()
                .answers::<FileList>(200, "A page of objects"),
        )
        .route(
            post(OBJECTS, &OBJECTS_USE, objects::create::handle)
                .summary("Uploads a file under a made-up key, as the form field file")
                .body_limit(FORM_LIMIT)
                .time_limit(UPLOAD_TIME)
                .answers::<StorageFile>(201, "The stored file"),
        )
        .route(
            delete(OBJECTS, &OBJECTS_USE, objects::delete_many::handle)
                .summary("Removes up to 1000 objects")
                .body::<objects::delete_many::Keys>()
                .answers::<Deletions>(200, "What became of each"),
        )
        .route(
            put(OBJECT, &OBJECTS_USE, objects::store::handle)
                .summary("Uploads a file under a key, as the form field file")
                .body_limit(FORM_LIMIT)
                .time_limit(UPLOAD_TIME)
                .answers::<StorageFile>(200, "The stored file"),
        )
        .route(
            get(OBJECT, READ, objects::download::handle)
                .summary("Downloads an object, or a range of it")
                .params::<objects::download::Signed>()
                .answers_plain(200, "The bytes")
                .answers_plain(206, "A part of the bytes")
                .answers_plain(304, "They have not changed")
                .answers_plain(401, "The bucket is private")
                .answers_plain(403, "The link is not signed so, or too old")
                .answers_plain(416, "There is no such part"),
        )
        .route(
            delete(OBJECT, &OBJECTS_USE, objects::delete::handle)
                .summary("Removes an object")
                .answers::<Done>(200, "It is gone"),
        )
        .route(
            post(OBJECT, READ, objects::post::handle)
                .summary("A key followed by /download-strategy or /confirm-upload")
                .body::<objects::post::Post>()
                .answers::<DownloadStrategy>(200, "The strategy, or the stored file")
                .answers_plain(401, "The bucket is private")
                .answers_plain(403, "Not allowed"),
        )
        .route(
            post(
                "/api/storage/buckets/{bucket}/upload-strategy",
                &OBJECTS_USE,
                objects::upload_strategy::handle,
            )
            .summary("Where a file is to be uploaded")
            .body::<objects::upload_strategy::Announced>()
            .answers::<objects::upload_strategy::UploadStrategy>(200, "Where and how"),
        )
        .route(
            get(
                "/api/storage/buckets/{bucket}/download-strategy/objects/{*key}",
                READ,
                objects::strategy::handle,
            )
            .summary("An address from which a file can be downloaded")
            .params::<Lifetime>()
            .answers::<DownloadStrategy>(200, "The address, signed when the bucket is private")
            .answers_plain(401, "The bucket is private")
            .answers_plain(403, "Not allowed"),
        )
}
