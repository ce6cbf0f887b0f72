//! `/rest/v1/`: the schema's description, as OpenAPI 2.0.

use axum::extract::{Request, State};
use axum::response::Response;
use busbar_data::Profile;
use busbar_platform::{Ctx, Reply};

use super::records::caller;
use crate::Services;
use crate::handlers::records::answer::{Target, answer};
use crate::rest_errors::refusal;

/// Describes what the caller may see.
pub(crate) async fn handle(State(services): State<Services>, ctx: Ctx, request: Request) -> Reply<Response> {
    let caller = caller(ctx.actor());
    let answered = answer(&services, Profile::Postgrest, Target::Root, &caller, request).await;
    Ok(answered.unwrap_or_else(|error| refusal(error, caller.role)))
}
