//! `GET /api/advisor/issues`

use axum::Json;
use axum::extract::State;
use busbar_platform::{Query, Reply};
use busbar_workbench::FindingFilter;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::Services;
use crate::views::advisor::IssuesView;

/// Which issues.
#[derive(Deserialize, IntoParams)]
pub(crate) struct Wanted {
    /// critical, warning, info.
    severity: Option<String>,
    /// security, performance, health.
    category: Option<String>,
    /// 1 to 500, 50 unless given.
    limit: Option<u64>,
    offset: Option<u64>,
}

/// The newest scan's issues, the worst first.
pub(crate) async fn handle(
    State(services): State<Services>,
    Query(wanted): Query<Wanted>,
) -> Reply<Json<IssuesView>> {
    let filter = FindingFilter {
        severity: wanted.severity,
        category: wanted.category,
        limit: wanted.limit.unwrap_or(50),
        offset: wanted.offset.unwrap_or(0),
    };
    let (issues, total) = services.workbench.advisor.findings(&filter).await?;
    Ok(Json(IssuesView::of(issues, total)))
}
