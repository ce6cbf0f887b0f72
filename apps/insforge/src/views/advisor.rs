//! The advisor as InsForge shows it (InsForge's contract, 6.5).

use busbar_kernel::clock::iso_millis;
use busbar_workbench::{Finding, Scan, Suppression};
use serde::Serialize;
use utoipa::ToSchema;

/// A scan that was made.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ScanStarted {
    scan_id: String,
    message: &'static str,
}

impl ScanStarted {
    pub(crate) fn of(id: uuid::Uuid) -> Self {
        Self {
            scan_id: id.to_string(),
            message: "Scan completed",
        }
    }
}

/// A scan.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ScanView {
    scan_id: String,
    status: &'static str,
    scan_type: &'static str,
    scanned_at: String,
    error_message: Option<String>,
    summary: SummaryView,
}

/// How many issues there are.
#[derive(Serialize, ToSchema)]
struct SummaryView {
    total: u64,
    critical: u64,
    warning: u64,
    info: u64,
}

impl From<Scan> for ScanView {
    fn from(scan: Scan) -> Self {
        Self {
            scan_id: scan.id.to_string(),
            status: "completed",
            scan_type: "manual",
            scanned_at: iso_millis(scan.scanned_at),
            error_message: None,
            summary: SummaryView {
                total: scan.critical + scan.warning + scan.info,
                critical: scan.critical,
                warning: scan.warning,
                info: scan.info,
            },
        }
    }
}

/// Issues.
#[derive(Serialize, ToSchema)]
pub(crate) struct IssuesView {
    issues: Vec<IssueView>,
    total: u64,
}

/// An issue.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct IssueView {
    id: String,
    rule_id: String,
    severity: String,
    category: String,
    title: String,
    description: String,
    affected_object: String,
    recommendation: String,
}

impl IssuesView {
    pub(crate) fn of(issues: Vec<Finding>, total: u64) -> Self {
        let view = |one: Finding| IssueView {
            id: one.id.to_string(),
            rule_id: one.rule_id,
            severity: one.severity,
            category: one.category,
            title: one.title,
            description: one.description,
            affected_object: one.affected_object,
            recommendation: one.recommendation,
        };
        Self {
            issues: issues.into_iter().map(view).collect(),
            total,
        }
    }
}

/// What is silent.
#[derive(Serialize, ToSchema)]
pub(crate) struct SuppressionsView {
    suppressions: Vec<SuppressionView>,
}

/// One of it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SuppressionView {
    id: String,
    rule_id: String,
    scope: &'static str,
    affected_object: Option<String>,
    reason: String,
    note: Option<String>,
    created_at: String,
}

impl From<Suppression> for SuppressionView {
    fn from(one: Suppression) -> Self {
        Self {
            id: one.id.to_string(),
            rule_id: one.rule_id,
            scope: if one.affected_object.is_some() {
                "instance"
            } else {
                "rule"
            },
            affected_object: one.affected_object,
            reason: one.reason,
            note: one.note,
            created_at: iso_millis(one.created_at),
        }
    }
}

impl From<Vec<Suppression>> for SuppressionsView {
    fn from(all: Vec<Suppression>) -> Self {
        Self {
            suppressions: all.into_iter().map(SuppressionView::from).collect(),
        }
    }
}

/// It is heard again.
#[derive(Serialize, ToSchema)]
pub(crate) struct Unsuppressed {
    message: &'static str,
}

impl Unsuppressed {
    pub(crate) fn done() -> Self {
        Self {
            message: "Suppression removed",
        }
    }
}
