//! `GET /api/sql`

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use crate::Services;

/// What SQL meets here.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Conditions {
    /// sqlite or postgres.
    database: &'static str,
    /// Whether SQL may run with the owner's rights.
    relaxed: bool,
    /// Tells this installation from others at the same address.
    project: String,
}

/// Which database answers, and whether the owner's rights are allowed.
pub(crate) async fn handle(State(services): State<Services>) -> Json<Conditions> {
    Json(Conditions {
        database: services.workbench.sql.database(),
        relaxed: services.unrestricted_sql,
        project: services.files.room().to_string(),
    })
}
