//! `GET /api/database/changes`

use axum::Json;
use axum::extract::State;
use busbar_platform::{Query, Reply};
use busbar_schema::EventPage;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::Services;
use crate::views::change_events::ChangesView;

/// Which events.
#[derive(Deserialize, IntoParams)]
pub(crate) struct Wanted {
    /// Of one table only.
    table: Option<String>,
    /// Those after this number, oldest first; else the newest first.
    after: Option<i64>,
    /// Those before this number.
    before: Option<i64>,
    /// 1 to 1000, 100 unless given; a page also ends at 8 MB of records.
    limit: Option<i64>,
}

/// Shows what was recorded.
pub(crate) async fn handle(
    State(services): State<Services>,
    Query(wanted): Query<Wanted>,
) -> Reply<Json<ChangesView>> {
    let page = EventPage {
        table: wanted.table,
        after: wanted.after,
        before: wanted.before,
        limit: wanted.limit.unwrap_or(100),
    };
    Ok(Json(services.data.schema.events.recent(&page).await?.into()))
}
