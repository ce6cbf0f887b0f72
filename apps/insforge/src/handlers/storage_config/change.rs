//! `PUT /api/storage/config`

use axum::Json;
use axum::extract::State;
use busbar_platform::{Ctx, Input, Reply};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::Services;
use crate::views::storage::StorageConfig;

/// The settings to be.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Change {
    /// The limit of one file in megabytes, 1 to 200.
    max_file_size_mb: u64,
}

/// Changes the settings.
pub(crate) async fn handle(
    State(services): State<Services>,
    ctx: Ctx,
    Input(input): Input<Change>,
) -> Reply<Json<StorageConfig>> {
    let limit = services
        .files
        .limits
        .set(ctx.actor(), input.max_file_size_mb)
        .await?;
    Ok(Json(limit.into()))
}
