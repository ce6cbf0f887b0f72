//! `POST /api/storage/policies`

use axum::Json;
use axum::extract::State;
use busbar_platform::{Input, Reply};
use busbar_schema::policies::OBJECTS;
use http::StatusCode;

use super::ObjectPolicies;
use crate::Services;
use crate::handlers::policies::create::PolicyInput;

/// Makes one, and answers all of them.
pub(crate) async fn handle(
    State(services): State<Services>,
    Input(input): Input<PolicyInput>,
) -> Reply<(StatusCode, Json<ObjectPolicies>)> {
    services
        .data
        .policies
        .create(&input.of(OBJECTS.to_owned()))
        .await?;
    Ok((StatusCode::CREATED, Json(super::view(&services).await?)))
}
