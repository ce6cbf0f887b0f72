//! `POST /api/database/admin/tables/{table}/records`

use axum::Json;
use axum::extract::{Path, Request, State};
use busbar_kernel::Error;
use busbar_platform::http::input::read_whole;
use busbar_platform::{Query, Reply};
use busbar_workbench::GridRow;
use http::StatusCode;

use crate::Services;
use crate::handlers::tables::list::SchemaQuery;

/// Inserts rows: all of them, or none.
pub(crate) async fn handle(
    State(services): State<Services>,
    Path(table): Path<String>,
    Query(query): Query<SchemaQuery>,
    request: Request,
) -> Reply<(StatusCode, Json<Vec<GridRow>>)> {
    let body = read_whole(request.into_body()).await?;
    let rows: Vec<GridRow> = serde_json::from_slice(&body)
        .map_err(|error| Error::invalid("body", format!("The body is a list of rows: {error}")))?;
    let grid = &services.workbench.grid;
    let made = grid.insert(query.changed()?, &table, &rows).await?;
    Ok((StatusCode::CREATED, Json(made)))
}
