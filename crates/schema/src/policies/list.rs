//! Listing policies.

use busbar_kernel::Result;
use busbar_store::{Dialect, params};
use serde::Deserialize;

use super::Policies;
use crate::catalogue::all_as_administrator;

/// A policy as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyDescription {
    /// Its table.
    pub table: String,
    /// Its name.
    pub name: String,
    /// `ALL`, `SELECT`, `INSERT`, `UPDATE` or `DELETE`.
    pub command: String,
    /// Whether it is joined with OR.
    pub permissive: bool,
    /// Whom it speaks of.
    pub roles: Vec<String>,
    /// Which rows may be seen or touched.
    pub using: Option<String>,
    /// Which rows may be written.
    pub check: Option<String>,
}

#[derive(Deserialize)]
struct Row {
    table_name: String,
    name: String,
    command: String,
    permissive: bool,
    roles: String,
    using_sql: Option<String>,
    check_sql: Option<String>,
}

const SQLITE: &str = "SELECT table_name, name, command, permissive, roles, using_sql, check_sql \
 FROM system.policies WHERE $1 = 'public' AND instr(table_name, '.') = 0 \
 UNION ALL SELECT 'objects', name, command, permissive, roles, using_sql, check_sql \
 FROM system.policies WHERE $1 = 'storage' AND table_name = 'storage.objects' ORDER BY table_name, name";

const POSTGRES: &str = "SELECT tablename::text AS table_name, policyname::text AS name, cmd AS command, \
 permissive = 'PERMISSIVE' AS permissive, array_to_string(roles, ',') AS roles, qual AS using_sql, \
 with_check AS check_sql FROM pg_policies WHERE schemaname = $1 ORDER BY tablename, policyname";

impl Policies {
    /// The policies of a schema's tables.
    ///
    /// # Errors
    /// The database's.
    pub async fn list(&self, schema: &str) -> Result<Vec<PolicyDescription>> {
        let sql = match self.library.dialect() {
            Dialect::Sqlite => SQLITE,
            Dialect::Postgres => POSTGRES,
        };
        let rows: Vec<Row> = all_as_administrator(&self.library.db, sql, params![schema]).await?;
        let described = rows.into_iter().map(|row| PolicyDescription {
            table: row.table_name,
            name: row.name,
            command: row.command,
            permissive: row.permissive,
            roles: row.roles.split(',').map(str::to_owned).collect(),
            using: row.using_sql,
            check: row.check_sql,
        });
        Ok(described.collect())
    }
}
