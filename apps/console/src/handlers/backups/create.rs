//! `POST /api/backups`

use axum::Json;
use axum::extract::State;
use busbar_platform::{Ctx, Input, Reply};
use http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use super::BackupView;
use crate::Services;

/// A backup to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewBackup {
    /// 1 to 200 characters; the time unless given.
    name: Option<String>,
}

/// Begins it; the list tells how it ended.
pub(crate) async fn handle(
    State(services): State<Services>,
    ctx: Ctx,
    Input(input): Input<NewBackup>,
) -> Reply<(StatusCode, Json<BackupView>)> {
    let backups = &services.workbench.backups;
    let begun = backups.create(input.name.as_deref(), "operator").await?;
    tracing::info!(operator = ctx.actor().log_name(), backup = %begun.id, "backup begun");
    Ok((StatusCode::CREATED, Json(begun.into())))
}
