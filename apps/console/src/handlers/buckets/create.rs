//! `POST /api/buckets`

use axum::Json;
use axum::extract::State;
use busbar_platform::{Ctx, Input, Reply};
use http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use super::BucketView;
use crate::Services;

/// A bucket to be made.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct NewBucket {
    bucket_name: String,
    #[serde(default)]
    is_public: bool,
}

/// Makes it.
pub(crate) async fn handle(
    State(services): State<Services>,
    ctx: Ctx,
    Input(input): Input<NewBucket>,
) -> Reply<(StatusCode, Json<BucketView>)> {
    let name = input.bucket_name.parse()?;
    let bucket = services
        .files
        .buckets
        .create(ctx.actor(), &name, input.is_public)
        .await?;
    Ok((StatusCode::CREATED, Json(bucket.into())))
}
