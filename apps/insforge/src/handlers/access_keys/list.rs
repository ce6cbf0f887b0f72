//! `GET /api/storage/s3/access-keys`

use axum::Json;
use axum::extract::State;
use busbar_platform::{Ctx, Reply};

use super::AccessKeyView;
use crate::Services;

/// Lists the keys without their secrets.
pub(crate) async fn handle(State(services): State<Services>, ctx: Ctx) -> Reply<Json<Vec<AccessKeyView>>> {
    let keys = services.files.access_keys.list(ctx.actor()).await?;
    Ok(Json(keys.into_iter().map(Into::into).collect()))
}
