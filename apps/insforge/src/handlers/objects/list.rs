//! `GET /api/storage/buckets/{bucket}/objects`

use axum::Json;
use axum::extract::State;
use busbar_files::objects::ObjectList;
use busbar_platform::{Ctx, Query, Reply};
use serde::Deserialize;
use utoipa::IntoParams;

use super::place::InBucket;
use crate::Services;
use crate::address::Address;
use crate::views::storage::{FileList, ListedFile, Pagination};

/// Which page of which objects.
#[derive(Deserialize, IntoParams)]
pub(crate) struct Page {
    /// What the keys begin with.
    prefix: Option<String>,
    /// What the keys hold anywhere.
    search: Option<String>,
    /// How many, at most 1000; 100 when absent.
    limit: Option<u64>,
    /// How many to pass over.
    offset: Option<u64>,
}

/// Answers a page of the objects that the caller may see.
pub(crate) async fn handle(
    State(services): State<Services>,
    ctx: Ctx,
    address: Address,
    InBucket(bucket): InBucket,
    Query(page): Query<Page>,
) -> Reply<Json<FileList>> {
    let list = ObjectList {
        prefix: page.prefix.unwrap_or_default(),
        search: page.search.unwrap_or_default(),
        limit: page
            .limit
            .unwrap_or(ObjectList::DEFAULT_LIMIT)
            .min(ObjectList::MAX_LIMIT),
        offset: page.offset.unwrap_or_default(),
    };
    let found = services.files.objects.list(ctx.actor(), &bucket, &list).await?;
    Ok(Json(FileList {
        data: found
            .objects
            .iter()
            .map(|object| ListedFile::of(object, &address))
            .collect(),
        pagination: Pagination {
            offset: list.offset,
            limit: list.limit,
            total: found.total,
        },
        next_actions: "You can use PUT /api/storage/buckets/:bucketName/objects/:objectKey to upload with a \
                       specific key, or POST /api/storage/buckets/:bucketName/objects to upload with a generated one.",
    }))
}
