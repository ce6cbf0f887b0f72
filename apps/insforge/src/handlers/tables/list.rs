//! `GET /api/database/tables`

use axum::Json;
use axum::extract::State;
use busbar_platform::{Query, Reply};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::Services;

/// Which schema.
#[derive(Deserialize, IntoParams)]
pub(crate) struct SchemaQuery {
    /// `public` unless given.
    schema: Option<String>,
}

impl SchemaQuery {
    /// The schema asked for.
    pub(crate) fn name(&self) -> &str {
        self.schema
            .as_deref()
            .filter(|name| !name.is_empty())
            .unwrap_or("public")
    }
}

/// Lists them by name.
pub(crate) async fn handle(
    State(services): State<Services>,
    Query(query): Query<SchemaQuery>,
) -> Reply<Json<Vec<String>>> {
    Ok(Json(services.data.tables.list(query.name())?))
}
