//! `GET /api/database/tables/{table}/schema`

use axum::Json;
use axum::extract::{Path, State};
use busbar_platform::Reply;

use crate::Services;
use crate::views::database::TableSchemaView;

/// Describes it.
pub(crate) async fn handle(
    State(services): State<Services>,
    Path(table): Path<String>,
) -> Reply<Json<TableSchemaView>> {
    Ok(Json(
        services.data.tables.describe("public", &table).await?.into(),
    ))
}
