//! `POST /api/database/advance/rawsql` and `/rawsql/unrestricted`

use axum::Json;
use axum::extract::State;
use busbar_kernel::{Error, Kind};
use busbar_platform::{Ctx, Input, Reply};
use busbar_workbench::SqlRequest;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::Services;
use crate::views::workbench::SqlView;

/// A text of SQL.
#[derive(Deserialize, ToSchema)]
#[schema(as = RawSqlRequest)]
pub(crate) struct SqlInput {
    query: String,
    /// The parameters of a single statement.
    #[serde(default)]
    #[schema(value_type = Vec<Object>)]
    params: Vec<serde_json::Value>,
    /// The plan instead of the rows; a single SELECT.
    #[serde(default)]
    explain: bool,
}

/// Runs it with the administrator's rights.
pub(crate) async fn handle(
    State(services): State<Services>,
    ctx: Ctx,
    Input(input): Input<SqlInput>,
) -> Reply<Json<SqlView>> {
    run(services, &ctx, input, false).await
}

/// Runs it with the owner's rights, where that is allowed by name.
pub(crate) async fn handle_unrestricted(
    State(services): State<Services>,
    ctx: Ctx,
    Input(input): Input<SqlInput>,
) -> Reply<Json<SqlView>> {
    if !services.unrestricted_sql {
        return Err(Error::new(
            Kind::Forbidden,
            "workbench.sql_restricted",
            "SQL with the owner's rights is off",
        )
        .hint("Set INSFORGE_COMPAT_UNRESTRICTED_SQL=original to allow it")
        .into());
    }
    run(services, &ctx, input, true).await
}

async fn run(services: Services, ctx: &Ctx, input: SqlInput, unrestricted: bool) -> Reply<Json<SqlView>> {
    let request = SqlRequest {
        query: input.query,
        params: input.params,
        explain: input.explain,
        unrestricted,
    };
    let answered = services.workbench.sql.run(&request).await;
    tracing::info!(
        actor = ?ctx.actor(),
        bytes = request.query.len(),
        unrestricted,
        refused = answered.is_err(),
        "raw SQL"
    );
    Ok(Json(answered?.into()))
}
