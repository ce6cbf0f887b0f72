//! Buckets and objects.

use busbar_platform::{Routes, delete, get, patch, post, put};

use crate::Services;
use crate::handlers::{buckets, objects};
use crate::permissions::{BUCKETS_READ, BUCKETS_WRITE, OBJECTS_READ, OBJECTS_WRITE};

/// The most an upload may have on its way; the limit of a file is checked while it streams.
const UPLOAD: usize = 256 * 1024 * 1024;

/// Their routes.
pub(crate) fn table() -> Routes<Services> {
    Routes::new()
        .group("console files")
        .route(
            get("/api/buckets", &BUCKETS_READ, buckets::list::handle)
                .summary("Buckets with what they hold")
                .answers::<buckets::list::Listed>(200, "The buckets"),
        )
        .route(
            post("/api/buckets", &BUCKETS_WRITE, buckets::create::handle)
                .summary("Make a bucket")
                .body::<buckets::create::NewBucket>()
                .answers::<buckets::BucketView>(201, "Made")
                .answers_plain(409, "There is one of that name"),
        )
        .route(
            patch("/api/buckets/{bucket}", &BUCKETS_WRITE, buckets::update::handle)
                .summary("Open or close a bucket to everybody")
                .body::<buckets::update::Change>()
                .answers::<buckets::BucketView>(200, "Changed"),
        )
        .route(
            delete("/api/buckets/{bucket}", &BUCKETS_WRITE, buckets::delete::handle)
                .summary("Delete a bucket with everything in it")
                .answers_plain(204, "Deleted"),
        )
        .route(
            get(
                "/api/buckets/{bucket}/objects",
                &OBJECTS_READ,
                objects::list::handle,
            )
            .summary("Objects of a bucket")
            .params::<objects::list::ObjectQuery>()
            .answers::<objects::list::Page>(200, "A page"),
        )
        .route(
            put(
                "/api/buckets/{bucket}/objects/{*key}",
                &OBJECTS_WRITE,
                objects::upload::handle,
            )
            .summary("Upload an object")
            .body_limit(UPLOAD)
            .answers::<objects::ObjectView>(200, "Stored")
            .answers_plain(413, "Above the limit of a file"),
        )
        .route(
            get(
                "/api/buckets/{bucket}/objects/{*key}",
                &OBJECTS_READ,
                objects::download::handle,
            )
            .summary("Download an object, always as an attachment")
            .answers_plain(200, "The bytes"),
        )
        .route(
            delete(
                "/api/buckets/{bucket}/objects/{*key}",
                &OBJECTS_WRITE,
                objects::delete::handle,
            )
            .summary("Delete an object")
            .answers_plain(204, "Deleted"),
        )
}
