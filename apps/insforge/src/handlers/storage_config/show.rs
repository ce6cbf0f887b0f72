//! `GET /api/storage/config`

use axum::Json;
use axum::extract::State;
use busbar_platform::{Ctx, Reply};

use crate::Services;
use crate::views::storage::StorageConfig;

/// Answers the settings.
pub(crate) async fn handle(State(services): State<Services>, ctx: Ctx) -> Reply<Json<StorageConfig>> {
    Ok(Json(services.files.limits.show(ctx.actor()).await?.into()))
}
