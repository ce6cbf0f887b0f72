//! The policies as SQLite keeps them.

use busbar_kernel::Result;
use busbar_store::Db;
use serde::Deserialize;

use super::predicate::Command;

/// A row of `system.policies`.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct StoredPolicy {
    pub(crate) table: String,
    pub(crate) name: String,
    pub(crate) command: String,
    pub(crate) permissive: bool,
    /// Separated by commas.
    pub(crate) roles: String,
    pub(crate) using_sql: Option<String>,
    pub(crate) check_sql: Option<String>,
}

impl StoredPolicy {
    /// The statements it speaks of.
    pub(crate) fn command(&self) -> Command {
        Command::of(&self.command).unwrap_or(Command::All)
    }

    /// Whether it speaks of reading.
    pub(crate) fn reads(&self) -> bool {
        matches!(self.command(), Command::All | Command::Select)
    }

    /// What an expression calls the row that it judges.
    pub(crate) fn row(&self) -> &str {
        row_name(&self.table)
    }

    pub(crate) fn role_names(&self) -> Vec<String> {
        self.roles.split(',').map(str::to_owned).collect()
    }
}

/// What an expression calls the row of a table: its name without its schema, which only a system's table has.
pub(crate) fn row_name(table: &str) -> &str {
    table.rsplit('.').next().unwrap_or(table)
}

/// All of them, by table and name.
pub(crate) async fn stored(db: &Db) -> Result<Vec<StoredPolicy>> {
    db.all(
        "SELECT table_name AS \"table\", name, command, permissive, roles, using_sql, check_sql \
         FROM system.policies ORDER BY table_name, name",
        Vec::new(),
    )
    .await
}
