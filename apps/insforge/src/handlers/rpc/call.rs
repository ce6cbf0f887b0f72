//! `/api/database/rpc/{function}`

use axum::extract::Path;
use axum::response::Response;
use busbar_kernel::{Error, Kind};
use busbar_platform::Ctx;

use crate::handlers::records::answer::{caller, refusal};

/// There are no functions yet, so none is found.
pub(crate) async fn handle(ctx: Ctx, Path(function): Path<String>) -> Response {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let error = if function.bytes().all(plain) {
        let message = format!("Could not find the function public.{function} in the schema cache");
        Error::new(Kind::NotFound, "data.undefined_function", message).wire_code("PGRST202")
    } else {
        Error::invalid(
            "function",
            "The name of a function is letters, digits and underscores",
        )
    };
    refusal(error, caller(ctx.actor()).role)
}
