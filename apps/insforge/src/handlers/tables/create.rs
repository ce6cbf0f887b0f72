//! `POST /api/database/tables`

use axum::Json;
use axum::extract::State;
use busbar_platform::{Input, Query, Reply};
use busbar_schema::NewTable;
use http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use super::input::{ColumnInput, ForeignKeyInput, columns, foreign_keys};
use super::list::SchemaQuery;
use crate::Services;
use crate::views::database::Created;

/// A table to be made.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TableInput {
    table_name: String,
    columns: Vec<ColumnInput>,
    #[serde(default)]
    foreign_keys: Vec<ForeignKeyInput>,
    #[serde(default = "yes")]
    rls_enabled: bool,
}

fn yes() -> bool {
    true
}

/// Makes it.
pub(crate) async fn handle(
    State(services): State<Services>,
    Query(query): Query<SchemaQuery>,
    Input(input): Input<TableInput>,
) -> Reply<(StatusCode, Json<Created>)> {
    query.in_public()?;
    let table = NewTable {
        name: input.table_name,
        columns: columns("columns", input.columns)?,
        foreign_keys: foreign_keys("foreignKeys", input.foreign_keys)?,
        row_security: input.rls_enabled,
    };
    services.data.tables.create(&table).await?;
    let made = services.data.tables.describe("public", &table.name).await?;
    Ok((StatusCode::CREATED, Json(Created::of(made, table.row_security))))
}
