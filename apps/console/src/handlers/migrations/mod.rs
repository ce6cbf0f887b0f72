//! Custom migrations.

pub(crate) mod apply;
pub(crate) mod list;
pub(crate) mod rehearse;

use busbar_kernel::clock::iso_millis;
use busbar_workbench::AppliedMigration;
use serde::Serialize;
use utoipa::ToSchema;

/// A migration that was applied.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MigrationView {
    version: String,
    name: String,
    statements: Vec<String>,
    applied_at: String,
}

impl From<AppliedMigration> for MigrationView {
    fn from(applied: AppliedMigration) -> Self {
        Self {
            version: applied.version,
            name: applied.name,
            statements: applied.statements,
            applied_at: iso_millis(applied.created_at),
        }
    }
}
