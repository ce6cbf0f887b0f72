//! `PATCH /api/database/config`

use axum::Json;
use axum::extract::State;
use busbar_platform::{Input, Reply};
use busbar_workbench::BackupScheduleChange;
use serde::Deserialize;
use serde::de::IgnoredAny;
use utoipa::ToSchema;

use crate::Services;
use crate::views::database_config::DatabaseConfigView;

/// What to change.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DatabaseConfigChange {
    backup: BackupConfigChange,
}

/// What to change of the schedule; what is absent stays.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct BackupConfigChange {
    enabled: Option<bool>,
    /// Five fields of cron, in UTC; the first is one minute.
    cron_schedule: Option<String>,
    /// 1 to 365.
    retention_days: Option<i64>,
    /// What reading tells besides; clients send it back, and it counts for nothing.
    #[serde(rename = "nextBackupAt")]
    #[schema(value_type = Option<String>)]
    _next_backup_at: Option<IgnoredAny>,
}

/// Changes the schedule of backups.
pub(crate) async fn handle(
    State(services): State<Services>,
    Input(DatabaseConfigChange { backup }): Input<DatabaseConfigChange>,
) -> Reply<Json<DatabaseConfigView>> {
    let change = BackupScheduleChange {
        enabled: backup.enabled,
        cron: backup.cron_schedule,
        retention_days: backup.retention_days,
    };
    Ok(Json(services.workbench.backups.reschedule(&change).await?.into()))
}
