//! Backups as InsForge shows them (`insforge.md` 6.5).

use busbar_workbench::Backup;
use serde::Serialize;
use utoipa::ToSchema;

/// Backups.
#[derive(Serialize, ToSchema)]
pub(crate) struct BackupsView {
    backups: Vec<BackupView>,
}

/// A backup.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct BackupView {
    id: String,
    name: String,
    /// manual, scheduled.
    trigger_source: String,
    /// running, completed, failed.
    status: String,
    size_bytes: Option<u64>,
    error_message: Option<String>,
    created_by: String,
    created_at: String,
    completed_at: Option<String>,
}

impl From<Backup> for BackupView {
    fn from(backup: Backup) -> Self {
        Self {
            id: backup.id.to_string(),
            name: backup.name,
            trigger_source: backup.trigger_source,
            status: backup.status,
            size_bytes: backup.size_bytes,
            error_message: backup.error_message,
            created_by: backup.created_by,
            created_at: backup.created_at,
            completed_at: backup.completed_at,
        }
    }
}

impl From<Vec<Backup>> for BackupsView {
    fn from(backups: Vec<Backup>) -> Self {
        Self {
            backups: backups.into_iter().map(BackupView::from).collect(),
        }
    }
}

/// What was done.
#[derive(Serialize, ToSchema)]
pub(crate) struct BackupDone {
    success: bool,
    message: &'static str,
}

impl BackupDone {
    pub(crate) fn saying(message: &'static str) -> Self {
        Self {
            success: true,
            message,
        }
    }
}
