//! `GET /api/buckets`

use axum::Json;
use axum::extract::State;
use busbar_platform::{Ctx, Reply};
use serde::Serialize;
use utoipa::ToSchema;

use super::BucketView;
use crate::Services;

/// Every bucket.
#[derive(Serialize, ToSchema)]
pub(crate) struct Listed {
    buckets: Vec<BucketView>,
}

/// Lists them.
pub(crate) async fn handle(State(services): State<Services>, ctx: Ctx) -> Reply<Json<Listed>> {
    let buckets = services.files.buckets.list(ctx.actor()).await?;
    Ok(Json(Listed {
        buckets: buckets.into_iter().map(BucketView::from).collect(),
    }))
}
