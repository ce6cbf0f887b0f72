//! `GET /api/database/admin/tables/{table}/records/lookup`

use axum::Json;
use axum::extract::{Path, State};
use busbar_kernel::Error;
use busbar_platform::{Query, Reply};
use busbar_workbench::GridRow;

use crate::Services;

/// Answers the row of a key, or null. `column` and `value` repeat for a key of several columns.
pub(crate) async fn handle(
    State(services): State<Services>,
    Path(table): Path<String>,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Reply<Json<Option<GridRow>>> {
    let named = |wanted: &str| {
        let found = pairs.iter().filter(|(name, _)| name == wanted);
        found.map(|(_, value)| value.clone()).collect::<Vec<_>>()
    };
    let (columns, values) = (named("column"), named("value"));
    if columns.is_empty() || columns.len() != values.len() {
        return Err(Error::invalid("column", "Each column comes with a value").into());
    }
    let key: GridRow = columns
        .into_iter()
        .zip(values.into_iter().map(serde_json::Value::from))
        .collect();
    let schema = named("schema").pop().unwrap_or_else(|| "public".to_owned());
    let found = services.workbench.grid.look_up(&schema, &table, &key).await?;
    Ok(Json(found))
}
