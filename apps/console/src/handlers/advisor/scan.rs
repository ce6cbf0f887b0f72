//! `POST /api/advisor/scan`

use axum::Json;
use axum::extract::State;
use busbar_platform::Reply;
use busbar_workbench::{Finding, FindingFilter};
use serde::Serialize;
use utoipa::ToSchema;

use crate::Services;

/// So many findings one answer holds, the worst first.
const SHOWN: u64 = 500;

/// What was found.
#[derive(Serialize, ToSchema)]
pub(crate) struct Findings {
    findings: Vec<FindingView>,
    /// How many there are.
    total: u64,
}

/// Something to mend.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct FindingView {
    rule: String,
    /// critical, warning or info.
    severity: String,
    title: String,
    description: String,
    /// `public.<table>`, with the column, policy or index after it.
    affected_object: String,
    recommendation: String,
}

/// Scans now, and answers what is not silenced.
pub(crate) async fn handle(State(services): State<Services>) -> Reply<Json<Findings>> {
    services.workbench.advisor.scan().await?;
    let wanted = FindingFilter {
        limit: SHOWN,
        ..FindingFilter::default()
    };
    let (findings, total) = services.workbench.advisor.findings(&wanted).await?;
    Ok(Json(Findings {
        findings: findings.into_iter().map(FindingView::from).collect(),
        total,
    }))
}

impl From<Finding> for FindingView {
    fn from(finding: Finding) -> Self {
        Self {
            rule: finding.rule_id,
            severity: finding.severity,
            title: finding.title,
            description: finding.description,
            affected_object: finding.affected_object,
            recommendation: finding.recommendation,
        }
    }
}
