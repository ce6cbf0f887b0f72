//! Buckets, objects, their policies, links and access keys.

use busbar_platform::{Routes, delete, get, patch, post, put};

use crate::Services;
use crate::handlers::policies::create::PolicyInput;
use crate::handlers::{access_keys, buckets, links, object_policies, objects};
use crate::permissions::{
    ACCESS_KEYS_READ, ACCESS_KEYS_WRITE, BUCKETS_READ, BUCKETS_WRITE, LINKS_MAKE, OBJECTS_READ, OBJECTS_WRITE,
};

/// The most an upload may have on its way; the limit of a file is checked while it streams.
const UPLOAD: usize = 256 * 1024 * 1024;

const POLICIES: &str = "/api/storage/policies";
const POLICY: &str = "/api/storage/policies/{policy}";

/// Their routes.
pub(crate) fn table() -> Routes<Services> {
    files().merge(policies())
}

fn policies() -> Routes<Services> {
    Routes::new()
        .group("console files")
        .route(
            get(POLICIES, &BUCKETS_READ, object_policies::list::handle)
                .summary("Policies of files, and whether they count")
                .answers::<object_policies::ObjectPolicies>(200, "The policies"),
        )
        .route(
            post(POLICIES, &BUCKETS_WRITE, object_policies::create::handle)
                .summary("Make a policy of files, in place of the rule that people reach what they uploaded")
                .body::<PolicyInput>()
                .answers::<object_policies::ObjectPolicies>(201, "Made")
                .answers_plain(409, "There is one of that name"),
        )
        .route(
            put(POLICY, &BUCKETS_WRITE, object_policies::replace::handle)
                .summary("Put another policy in its place, at once")
                .body::<PolicyInput>()
                .answers::<object_policies::ObjectPolicies>(200, "Replaced"),
        )
        .route(
            delete(POLICY, &BUCKETS_WRITE, object_policies::delete::handle)
                .summary("Drop a policy of files; without any the rule is back")
                .answers_plain(204, "Dropped"),
        )
}

fn files() -> Routes<Services> {
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
        .route(
            get(
                "/api/buckets/{bucket}/preview/{*key}",
                &OBJECTS_READ,
                objects::preview::handle,
            )
            .summary("Bytes of a picture, sound, film or document, to be shown in the page")
            .answers_plain(200, "The bytes")
            .answers_plain(206, "The part that was asked for")
            .answers_plain(405, "Files of this type are not shown"),
        )
        .route(
            post("/api/buckets/{bucket}/links", &LINKS_MAKE, links::create::handle)
                .summary("Make a link that opens an object without a credential, for a time")
                .body::<links::create::NewLink>()
                .answers::<links::create::LinkView>(201, "The link"),
        )
        .route(
            get("/api/access-keys", &ACCESS_KEYS_READ, access_keys::list::handle)
                .summary("Access keys of the S3 gateway")
                .answers::<access_keys::list::Listed>(200, "The keys, and where they are good"),
        )
        .route(
            post(
                "/api/access-keys",
                &ACCESS_KEYS_WRITE,
                access_keys::create::handle,
            )
            .summary("Make an access key; its secret is shown once")
            .body::<access_keys::create::KeyInput>()
            .answers::<access_keys::create::MadeKey>(201, "The key with its secret"),
        )
        .route(
            delete(
                "/api/access-keys/{id}",
                &ACCESS_KEYS_WRITE,
                access_keys::delete::handle,
            )
            .summary("Revoke an access key")
            .answers_plain(204, "Revoked"),
        )
}
