//! Listing custom migrations.

use busbar_kernel::{Result, Timestamp};
use busbar_store::{Dialect, Json, params};
use serde::Deserialize;

use super::Migrations;

/// So many are listed, the newest first.
const LISTED: i64 = 10_000;

/// A migration that was applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppliedMigration {
    /// Its version.
    pub version: String,
    /// Its name.
    pub name: String,
    /// Its statements.
    pub statements: Vec<String>,
    /// When it was applied.
    pub created_at: Timestamp,
}

#[derive(Deserialize)]
struct Row {
    version: String,
    name: String,
    statements: Json<Vec<String>>,
    created_at: Timestamp,
}

impl Migrations {
    /// What was applied, newest first, at most 10,000.
    ///
    /// # Errors
    /// The database's.
    pub async fn list(&self) -> Result<Vec<AppliedMigration>> {
        let db = &self.sql.schema().library.db;
        let statements = match db.dialect() {
            Dialect::Sqlite => "statements",
            Dialect::Postgres => "to_jsonb(statements) AS statements",
        };
        let sql = format!(
            "SELECT version, name, {statements}, created_at FROM system.custom_migrations \
             ORDER BY length(ltrim(version, '0')) DESC, ltrim(version, '0') DESC LIMIT $1"
        );
        let rows: Vec<Row> = db.all(&sql, params![LISTED]).await?;
        let migration = |row: Row| AppliedMigration {
            version: row.version,
            name: row.name,
            statements: row.statements.0,
            created_at: row.created_at,
        };
        Ok(rows.into_iter().map(migration).collect())
    }
}
