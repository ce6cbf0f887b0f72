//! `GET /api/database/schemas`

use axum::Json;
use axum::extract::State;

use crate::Services;
use crate::views::database::SchemasView;

/// Lists them, `public` first.
pub(crate) async fn handle(State(services): State<Services>) -> Json<SchemasView> {
    Json(services.data.tables.schemas().into())
}
