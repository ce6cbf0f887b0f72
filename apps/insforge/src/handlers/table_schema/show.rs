//! `GET /api/database/tables/{table}/schema`

use axum::Json;
use axum::extract::{Path, State};
use busbar_platform::{Query, Reply};

use crate::Services;
use crate::handlers::tables::list::SchemaQuery;
use crate::views::database::TableSchemaView;

/// Describes it.
pub(crate) async fn handle(
    State(services): State<Services>,
    Path(table): Path<String>,
    Query(query): Query<SchemaQuery>,
) -> Reply<Json<TableSchemaView>> {
    Ok(Json(
        services.data.tables.describe(query.name(), &table).await?.into(),
    ))
}
