//! `GET /api/backups/{backup}/file`

use axum::extract::{Path, State};
use axum::response::Response;
use busbar_platform::{Ctx, Reply};
use http::HeaderValue;
use http::header::CONTENT_LENGTH;

use super::id;
use crate::Services;
use crate::handlers::exports::attachment;

/// Its file, to be kept elsewhere.
pub(crate) async fn handle(
    State(services): State<Services>,
    ctx: Ctx,
    Path(backup): Path<String>,
) -> Reply<Response> {
    let found = services.workbench.backups.file(id(&backup)?).await?;
    tracing::info!(operator = ctx.actor().log_name(), backup, "backup downloaded");
    let name = format!("{}.{}", found.backup.name, found.extension);
    let mut response = attachment(&name, "application/octet-stream", found.body);
    let _ = response
        .headers_mut()
        .insert(CONTENT_LENGTH, HeaderValue::from(found.size));
    Ok(response)
}
