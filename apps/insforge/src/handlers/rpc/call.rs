//! `/api/database/rpc/{function}`

use axum::extract::{Path, Request, State};
use axum::response::Response;
use busbar_data::Profile;
use busbar_kernel::Error;
use busbar_platform::{Ctx, Reply};

use crate::Services;
use crate::handlers::records::answer::{Target, answer, caller, refusal};

/// Calls a function of the database.
pub(crate) async fn handle(
    State(services): State<Services>,
    ctx: Ctx,
    Path(function): Path<String>,
    request: Request,
) -> Reply<Response> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    if !function.bytes().all(plain) {
        return Err(Error::invalid(
            "function",
            "The name of a function is letters, digits and underscores",
        )
        .into());
    }
    let caller = caller(ctx.actor());
    let target = Target::Function(&function);
    let answered = answer(&services, Profile::Insforge, target, &caller, request).await;
    Ok(answered.unwrap_or_else(|error| refusal(error, caller.role)))
}
