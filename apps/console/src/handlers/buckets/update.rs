//! `PATCH /api/buckets/{bucket}`

use axum::Json;
use axum::extract::{Path, State};
use busbar_platform::{Ctx, Input, Reply};
use serde::Deserialize;
use utoipa::ToSchema;

use super::BucketView;
use crate::Services;

/// Who may read.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Change {
    is_public: bool,
}

/// Opens or closes it.
pub(crate) async fn handle(
    State(services): State<Services>,
    ctx: Ctx,
    Path(bucket): Path<String>,
    Input(change): Input<Change>,
) -> Reply<Json<BucketView>> {
    let bucket = services
        .files
        .buckets
        .set_public(ctx.actor(), &bucket.parse()?, change.is_public)
        .await?;
    Ok(Json(bucket.into()))
}
