//! `GET /api/advisor/suppressions`

use axum::Json;
use axum::extract::State;
use busbar_platform::Reply;

use crate::Services;
use crate::views::advisor::SuppressionsView;

/// What is silent.
pub(crate) async fn handle(State(services): State<Services>) -> Reply<Json<SuppressionsView>> {
    Ok(Json(services.workbench.advisor.suppressions().await?.into()))
}
