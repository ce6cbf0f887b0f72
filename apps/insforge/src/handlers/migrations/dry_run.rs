//! `POST /api/database/migrations/dry-run`

use axum::Json;
use axum::extract::State;
use busbar_platform::{Input, Reply};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::Services;
use crate::views::workbench::RehearsalView;

/// Statements to be tried.
#[derive(Deserialize, ToSchema)]
pub(crate) struct DryRunInput {
    sql: String,
}

/// Runs them, undoes them, and says what they could lose.
pub(crate) async fn handle(
    State(services): State<Services>,
    Input(input): Input<DryRunInput>,
) -> Reply<Json<RehearsalView>> {
    let told = services.workbench.migrations.rehearse(&input.sql).await?;
    Ok(Json(told.into()))
}
