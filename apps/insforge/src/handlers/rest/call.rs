//! `/rest/v1/rpc/{function}`

use axum::extract::{Path, Request, State};
use axum::response::Response;
use busbar_data::Profile;
use busbar_platform::{Ctx, Reply};

use super::records::caller;
use crate::Services;
use crate::handlers::records::answer::{Target, answer, with_credential_time};
use crate::rest_errors::refusal;

/// Calls a function.
pub(crate) async fn handle(
    State(services): State<Services>,
    ctx: Ctx,
    Path(function): Path<String>,
    request: Request,
) -> Reply<Response> {
    let caller = caller(ctx.actor());
    let target = Target::Function(&function);
    let answered = answer(&services, Profile::Postgrest, target, &caller, request).await;
    let response = answered.unwrap_or_else(|error| refusal(error, caller.role));
    Ok(with_credential_time(response, &ctx))
}
