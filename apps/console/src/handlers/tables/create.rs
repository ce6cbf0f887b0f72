//! `POST /api/tables`

use axum::Json;
use axum::extract::State;
use busbar_platform::{Input, Reply};
use busbar_schema::NewTable;
use http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use super::TableView;
use super::input::{ColumnInput, ForeignKeyInput, columns, foreign_keys};
use crate::Services;

/// A table to be made.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
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
    Input(input): Input<TableInput>,
) -> Reply<(StatusCode, Json<TableView>)> {
    let table = NewTable {
        name: input.table_name,
        columns: columns("columns", input.columns)?,
        foreign_keys: foreign_keys("foreignKeys", input.foreign_keys)?,
        row_security: input.rls_enabled,
    };
    services.data.tables.create(&table).await?;
    Ok((
        StatusCode::CREATED,
        Json(super::view(&services, &table.name).await?),
    ))
}
