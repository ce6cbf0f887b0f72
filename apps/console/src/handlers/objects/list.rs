//! `GET /api/buckets/{bucket}/objects`

use axum::Json;
use axum::extract::{Path, State};
use busbar_files::objects::ObjectList;
use busbar_platform::{Ctx, Query, Reply};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::ObjectView;
use crate::Services;

/// Which objects.
#[derive(Deserialize, IntoParams)]
pub(crate) struct ObjectQuery {
    /// What keys begin with.
    prefix: Option<String>,
    /// What keys hold.
    search: Option<String>,
    /// How many, at most 1000; 100 unless given.
    limit: Option<u64>,
    /// How many to pass over.
    offset: Option<u64>,
}

/// A page.
#[derive(Serialize, ToSchema)]
pub(crate) struct Page {
    objects: Vec<ObjectView>,
    total: u64,
}

/// Lists them.
pub(crate) async fn handle(
    State(services): State<Services>,
    ctx: Ctx,
    Path(bucket): Path<String>,
    Query(query): Query<ObjectQuery>,
) -> Reply<Json<Page>> {
    let bucket = bucket.parse()?;
    services.files.buckets.find(&bucket).await?;
    let list = ObjectList {
        prefix: query.prefix.unwrap_or_default(),
        search: query.search.unwrap_or_default(),
        limit: query.limit.unwrap_or(ObjectList::DEFAULT_LIMIT),
        offset: query.offset.unwrap_or_default(),
    };
    let page = services.files.objects.list(ctx.actor(), &bucket, &list).await?;
    Ok(Json(Page {
        objects: page.objects.into_iter().map(ObjectView::from).collect(),
        total: page.total,
    }))
}
