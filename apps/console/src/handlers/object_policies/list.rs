//! `GET /api/storage/policies`

use axum::Json;
use axum::extract::State;
use busbar_platform::Reply;

use super::ObjectPolicies;
use crate::Services;

/// Lists them.
pub(crate) async fn handle(State(services): State<Services>) -> Reply<Json<ObjectPolicies>> {
    Ok(Json(super::view(&services).await?))
}
