//! `GET /api/auth/admin/sessions/current`

use busbar_platform::{Ctx, Reply};

use crate::views::Answer;
use crate::views::session::{AdminView, CurrentAdminView};

/// Shows the operator who asks.
pub(crate) async fn handle(ctx: Ctx) -> Reply<Answer<CurrentAdminView>> {
    Ok(Answer(CurrentAdminView {
        admin: AdminView::named(ctx.actor().log_name()),
    }))
}
