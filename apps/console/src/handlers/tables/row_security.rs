//! `PUT /api/tables/{table}/row-security`

use axum::Json;
use axum::extract::{Path, State};
use busbar_platform::{Ctx, Input, Reply};
use serde::Deserialize;
use utoipa::ToSchema;

use super::TableView;
use crate::Services;

/// Whether only policies let people in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RowSecurity {
    on: bool,
}

/// Turns it on or off; policies stay.
pub(crate) async fn handle(
    State(services): State<Services>,
    ctx: Ctx,
    Path(table): Path<String>,
    Input(wanted): Input<RowSecurity>,
) -> Reply<Json<TableView>> {
    services.data.tables.set_row_security(&table, wanted.on).await?;
    tracing::info!(
        operator = ctx.actor().log_name(),
        table,
        on = wanted.on,
        "row security"
    );
    Ok(Json(super::view(&services, &table).await?))
}
