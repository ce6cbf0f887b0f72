//! `/rest/v1/{table}`, by every method of the record grammar.

use axum::extract::{Path, Request, State};
use axum::response::Response;
use busbar_data::{Caller, Profile};
use busbar_kernel::Actor;
use busbar_platform::{Ctx, Reply};

use crate::Services;
use crate::handlers::records::answer::{self, Target, answer, with_credential_time};
use crate::rest_errors::refusal;

/// Answers a request for rows.
pub(crate) async fn handle(
    State(services): State<Services>,
    ctx: Ctx,
    Path(table): Path<String>,
    request: Request,
) -> Reply<Response> {
    let caller = caller(ctx.actor());
    let target = Target::Rows(&table);
    let answered = answer(&services, Profile::Postgrest, target, &caller, request).await;
    let response = answered.unwrap_or_else(|error| refusal(error, caller.role));
    Ok(with_credential_time(response, &ctx))
}

/// The caller as the database knows it: an operator has no business at this root.
pub(crate) fn caller(actor: &Actor) -> Caller {
    match actor {
        Actor::Operator { .. } => Caller::anon(),
        known => answer::caller(known),
    }
}
