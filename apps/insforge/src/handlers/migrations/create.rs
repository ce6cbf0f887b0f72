//! `POST /api/database/migrations`

use axum::Json;
use axum::extract::State;
use busbar_platform::{Input, Reply};
use busbar_workbench::NewMigration;
use http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::Services;
use crate::views::workbench::AppliedView;

/// A migration to be applied.
#[derive(Deserialize, ToSchema)]
pub(crate) struct MigrationInput {
    /// 1 to 64 digits, above every version applied so far.
    version: String,
    /// Lower-case letters, digits and dashes.
    name: String,
    sql: String,
}

/// Applies it and records it.
pub(crate) async fn handle(
    State(services): State<Services>,
    Input(input): Input<MigrationInput>,
) -> Reply<(StatusCode, Json<AppliedView>)> {
    let migration = NewMigration {
        version: input.version,
        name: input.name,
        sql: input.sql,
    };
    let applied = services.workbench.migrations.apply(&migration).await?;
    Ok((StatusCode::CREATED, Json(AppliedView::of(applied))))
}
