//! `PUT /api/storage/policies/{policy}`

use axum::Json;
use axum::extract::{Path, State};
use busbar_platform::{Input, Reply};
use busbar_schema::policies::OBJECTS;

use super::ObjectPolicies;
use crate::Services;
use crate::handlers::policies::create::PolicyInput;

/// Puts another policy in its place, at once, and answers all of them.
pub(crate) async fn handle(
    State(services): State<Services>,
    Path(policy): Path<String>,
    Input(input): Input<PolicyInput>,
) -> Reply<Json<ObjectPolicies>> {
    let new = input.of(OBJECTS.to_owned());
    services.data.policies.replace(&policy, &new).await?;
    Ok(Json(super::view(&services).await?))
}
