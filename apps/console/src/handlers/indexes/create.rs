//! `POST /api/tables/{table}/indexes`

use axum::Json;
use axum::extract::{Path, State};
use busbar_platform::{Input, Reply};
use busbar_schema::NewIndex;
use http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::Services;
use crate::handlers::tables::{TableView, view};

/// An index to be made.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct IndexInput {
    /// `<table>_<columns>_idx` when there is none.
    name: Option<String>,
    /// In order.
    columns: Vec<String>,
    /// Whether no two rows may share their values.
    #[serde(default)]
    is_unique: bool,
}

/// Makes it, and answers the table with it.
pub(crate) async fn handle(
    State(services): State<Services>,
    Path(table): Path<String>,
    Input(input): Input<IndexInput>,
) -> Reply<(StatusCode, Json<TableView>)> {
    let index = NewIndex {
        name: input.name,
        columns: input.columns,
        unique: input.is_unique,
    };
    services.data.tables.create_index(&table, &index).await?;
    Ok((StatusCode::CREATED, Json(view(&services, &table).await?)))
}
