//! `GET /api/advisor/latest`

use axum::Json;
use axum::extract::State;
use busbar_platform::Reply;

use crate::Services;
use crate::views::advisor::ScanView;

/// The newest scan, or null.
pub(crate) async fn handle(State(services): State<Services>) -> Reply<Json<Option<ScanView>>> {
    let latest = services.workbench.advisor.latest().await?;
    Ok(Json(latest.map(ScanView::from)))
}
