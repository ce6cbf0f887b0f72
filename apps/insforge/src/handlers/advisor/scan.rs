//! `POST /api/advisor/scan`

use axum::Json;
use axum::extract::State;
use busbar_platform::Reply;
use http::StatusCode;

use crate::Services;
use crate::views::advisor::ScanStarted;

/// Scans now.
pub(crate) async fn handle(State(services): State<Services>) -> Reply<(StatusCode, Json<ScanStarted>)> {
    let id = services.workbench.advisor.scan().await?;
    Ok((StatusCode::CREATED, Json(ScanStarted::of(id))))
}
