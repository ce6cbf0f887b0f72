//! `POST /api/database/backups`

use axum::Json;
use axum::extract::State;
use busbar_kernel::Actor;
use busbar_platform::{Ctx, Input, Reply};
use http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::Services;
use crate::views::backup::BackupView;

/// A backup to be made.
#[derive(Deserialize, ToSchema)]
pub(crate) struct BackupInput {
    /// 1 to 200 characters; the time unless given.
    name: Option<String>,
}

/// Begins it; the list tells how it ended.
pub(crate) async fn handle(
    State(services): State<Services>,
    ctx: Ctx,
    Input(input): Input<BackupInput>,
) -> Reply<(StatusCode, Json<BackupView>)> {
    let by = match ctx.actor() {
        Actor::Operator { .. } => "operator",
        _ => "api-key",
    };
    let begun = services
        .workbench
        .backups
        .create(input.name.as_deref(), by)
        .await?;
    Ok((StatusCode::CREATED, Json(begun.into())))
}
