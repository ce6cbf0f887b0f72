//! The S3 gateway, and the keys that open it.

use std::time::Duration;

use busbar_platform::{Access, Limit, Route, Routes, delete, get, post, public, put};

use super::storage::{FORM_LIMIT, UPLOAD_TIME};
use crate::Services;
use crate::errors::storage_shape;
use crate::gateway::errors::shape;
use crate::handlers::access_keys::{self, AccessKeyView};
use crate::handlers::s3;
use crate::permissions::STORAGE_MANAGE;
use crate::views::storage::Done;

const SIGNED: Access =
    public("every request carries a signature of an access key, checked before anything is done");

const KEYS: &str = "/api/storage/s3/access-keys";
const BUCKET: &str = "/storage/v1/s3/{bucket}";
const OBJECT: &str = "/storage/v1/s3/{bucket}/{*key}";

/// Copies and completions write as many bytes as uploads do.
const LONG: Duration = UPLOAD_TIME;

/// The routes of the gateway and of its keys.
pub(crate) fn table() -> Routes<Services> {
    keys().merge(gateway())
}

fn keys() -> Routes<Services> {
    let limit = Limit::per_address("insforge.s3_access_keys", 20, 15);
    Routes::new()
        .group("storage")
        .shape(storage_shape)
        .route(
            get(
                "/api/storage/s3/config",
                &STORAGE_MANAGE,
                access_keys::show_gateway::handle,
            )
            .summary("Where S3 clients find the gateway")
            .answers::<access_keys::show_gateway::Gateway>(200, "Address and region"),
        )
        .route(
            get(KEYS, &STORAGE_MANAGE, access_keys::list::handle)
                .summary("The access keys of the gateway")
                .answers::<Vec<AccessKeyView>>(200, "The keys, without their secrets"),
        )
        .route(
            post(KEYS, &STORAGE_MANAGE, access_keys::create::handle)
                .summary("Makes an access key and shows its secret once")
                .limit(limit)
                .body::<access_keys::create::NewAccessKey>()
                .answers::<access_keys::create::MadeAccessKey>(201, "The key"),
        )
        .route(
            delete(
                "/api/storage/s3/access-keys/{key_id}",
                &STORAGE_MANAGE,
                access_keys::delete::handle,
            )
            .summary("Removes an access key")
            .limit(limit)
            .answers::<Done>(200, "It is gone"),
        )
}

fn told(route: Route<Services>, summary: &'static str) -> Route<Services> {
    route
        .summary(summary)
        .answers_plain(200, "What S3 answers")
        .answers_plain(204, "Done")
        .answers_plain(403, "Not signed, or not rightly: XML as S3 writes it")
        .answers_plain(404, "There is no such bucket, object or upload")
        .answers_plain(409, "The state of things refuses it")
        .answers_plain(412, "A condition does not hold")
        .answers_plain(501, "Not supported")
}

fn large(route: Route<Services>) -> Route<Services> {
    route.body_limit(FORM_LIMIT).time_limit(LONG)
}

fn of_bucket(path: &str) -> Routes<Services> {
    let bucket = s3::bucket::handle;
    Routes::new()
        .group("s3")
        .shape(shape)
        .route(told(
            get(path, SIGNED, bucket),
            "S3: ListObjects, ListObjectsV2, ListMultipartUploads, GetBucketLocation, GetBucketVersioning",
        ))
        .route(told(put(path, SIGNED, bucket), "S3: CreateBucket"))
        .route(
            large(told(
                post(path, SIGNED, bucket),
                "S3: DeleteObjects, or a form with a signed policy",
            ))
            .answers_plain(201, "The form's file is stored")
            .answers_plain(303, "It is stored; on to where the form says"),
        )
        .route(told(delete(path, SIGNED, bucket), "S3: DeleteBucket"))
}

fn gateway() -> Routes<Services> {
    let object = s3::object::handle;
    Routes::new()
        .group("s3")
        .shape(shape)
        .route(told(
            get("/storage/v1/s3", SIGNED, s3::service::handle),
            "S3: ListBuckets",
        ))
        .route(told(
            get("/storage/v1/s3/", SIGNED, s3::service::handle),
            "S3: ListBuckets",
        ))
        .merge(of_bucket(BUCKET))
        .merge(of_bucket("/storage/v1/s3/{bucket}/"))
        .route(
            told(
                get(OBJECT, SIGNED, object),
                "S3: GetObject, ListParts, GetObjectTagging",
            )
            .answers_plain(206, "A part of the bytes")
            .answers_plain(304, "They have not changed")
            .answers_plain(416, "There is no such part"),
        )
        .route(large(told(
            put(OBJECT, SIGNED, object),
            "S3: PutObject, CopyObject, UploadPart, UploadPartCopy, PutObjectTagging",
        )))
        .route(large(told(
            post(OBJECT, SIGNED, object),
            "S3: CreateMultipartUpload, CompleteMultipartUpload",
        )))
        .route(told(
            delete(OBJECT, SIGNED, object),
            "S3: DeleteObject, AbortMultipartUpload, DeleteObjectTagging",
        ))
}
