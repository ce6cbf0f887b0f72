//! Settings of the database module as InsForge shows them (InsForge's contract, 6.5).

use busbar_workbench::BackupSchedule;
use serde::Serialize;
use utoipa::ToSchema;

/// The settings.
#[derive(Serialize, ToSchema)]
pub(crate) struct DatabaseConfigView {
    backup: BackupConfigView,
}

/// When backups are made by themselves.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct BackupConfigView {
    enabled: bool,
    /// Five fields of cron, in UTC.
    cron_schedule: String,
    retention_days: u32,
    /// None while they are off.
    next_backup_at: Option<String>,
}

impl From<BackupSchedule> for DatabaseConfigView {
    fn from(schedule: BackupSchedule) -> Self {
        Self {
            backup: BackupConfigView {
                enabled: schedule.enabled,
                cron_schedule: schedule.cron,
                retention_days: schedule.retention_days,
                next_backup_at: schedule.next_at,
            },
        }
    }
}
