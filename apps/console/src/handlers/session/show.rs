//! `GET /api/session`

use axum::Json;
use busbar_platform::Ctx;

use super::SessionView;

/// Who is signed in.
pub(crate) async fn handle(ctx: Ctx) -> Json<SessionView> {
    Json(SessionView::of(ctx.actor().log_name()))
}
