//! `/rest/v1/{table}`, by every method of the record grammar.

use axum::extract::{Path, Request, State};
use axum::response::Response;
use busbar_data::{Caller, Profile, Role};
use busbar_kernel::Actor;
use busbar_platform::{Ctx, Reply};
use serde_json::Map;

use crate::Services;
use crate::handlers::records::answer::{Target, answer};
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
    Ok(answered.unwrap_or_else(|error| refusal(error, caller.role)))
}

/// The caller as the database knows it, with every claim of the token.
pub(crate) fn caller(actor: &Actor) -> Caller {
    match actor {
        Actor::Nobody | Actor::Anonymous | Actor::Operator { .. } => Caller::anon(),
        Actor::User(user) => {
            let mut claims: Map<_, _> = user.claims.clone();
            claims.insert("sub".to_owned(), user.subject.as_str().into());
            if let Some(email) = &user.email {
                claims.insert("email".to_owned(), email.as_str().into());
            }
            Caller::new(Role::Authenticated, claims)
        }
        Actor::Service { .. } => Caller::project_admin(),
    }
}
