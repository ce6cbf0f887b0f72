//! `GET /api/tables`

use axum::Json;
use axum::extract::State;
use busbar_platform::Reply;
use serde::Serialize;
use utoipa::ToSchema;

use super::SCHEMA;
use crate::Services;

/// Every table.
#[derive(Serialize, ToSchema)]
pub(crate) struct Listed {
    tables: Vec<Summary>,
}

/// A table in the list.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Summary {
    name: String,
    rows: u64,
    row_security: bool,
    policies: usize,
}

/// Lists them.
pub(crate) async fn handle(State(services): State<Services>) -> Reply<Json<Listed>> {
    let policies = services.data.policies.list(SCHEMA).await?;
    let mut tables = Vec::new();
    for name in services.data.tables.list(SCHEMA)? {
        let table = services.data.tables.describe(SCHEMA, &name).await?;
        tables.push(Summary {
            rows: table.rows,
            row_security: table.row_security,
            policies: policies.iter().filter(|policy| policy.table == name).count(),
            name,
        });
    }
    Ok(Json(Listed { tables }))
}
