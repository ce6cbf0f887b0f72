//! `POST /api/migrations`

use axum::Json;
use axum::extract::State;
use busbar_platform::{Ctx, Input, Reply};
use busbar_workbench::NewMigration;
use http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use super::MigrationView;
use crate::Services;
use crate::handlers::sql::placed;

/// A migration to be applied.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MigrationText {
    /// 1 to 64 digits, above every version applied so far.
    version: String,
    /// Lower-case letters, digits and dashes.
    name: String,
    sql: String,
}

/// Applies and records it: both or neither.
pub(crate) async fn handle(
    State(services): State<Services>,
    ctx: Ctx,
    Input(input): Input<MigrationText>,
) -> Reply<(StatusCode, Json<MigrationView>)> {
    let migration = NewMigration {
        version: input.version,
        name: input.name,
        sql: input.sql,
    };
    let applied = services.workbench.migrations.apply(&migration).await;
    let applied = applied.map_err(|error| placed("sql", error))?;
    tracing::info!(
        operator = ctx.actor().log_name(),
        version = applied.version,
        name = applied.name,
        "migration applied"
    );
    Ok((StatusCode::CREATED, Json(applied.into())))
}
