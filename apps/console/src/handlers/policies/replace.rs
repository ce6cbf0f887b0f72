//! `PUT /api/tables/{table}/policies/{policy}`

use axum::Json;
use axum::extract::{Path, State};
use busbar_platform::{Input, Reply};

use super::create::PolicyInput;
use crate::Services;
use crate::handlers::tables::{TableView, view};

/// Puts another policy in its place, at once, and answers the table with it.
pub(crate) async fn handle(
    State(services): State<Services>,
    Path((table, policy)): Path<(String, String)>,
    Input(input): Input<PolicyInput>,
) -> Reply<Json<TableView>> {
    let new = input.of(table);
    services.data.policies.replace(&policy, &new).await?;
    Ok(Json(view(&services, &new.table).await?))
}
