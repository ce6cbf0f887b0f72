//! Backups of people's tables.

pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod download;
pub(crate) mod list;
pub(crate) mod restore;

use busbar_kernel::{Error, Result};
use busbar_workbench::Backup;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A backup.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct BackupView {
    id: String,
    name: String,
    /// running, completed, failed.
    status: String,
    size_bytes: Option<u64>,
    /// Why it failed.
    problem: Option<String>,
    /// operator, or api-key.
    created_by: String,
    created_at: String,
    completed_at: Option<String>,
}

impl From<Backup> for BackupView {
    fn from(backup: Backup) -> Self {
        Self {
            id: backup.id.to_string(),
            name: backup.name,
            status: backup.status,
            size_bytes: backup.size_bytes,
            problem: backup.error_message,
            created_by: backup.created_by,
            created_at: backup.created_at,
            completed_at: backup.completed_at,
        }
    }
}

/// A backup's id as it stands in a path.
fn id(text: &str) -> Result<Uuid> {
    text.parse()
        .map_err(|_| Error::invalid("backup", "An id is a UUID"))
}
