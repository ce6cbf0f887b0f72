//! Applying a custom migration: its statements and its record in one transaction.

use busbar_kernel::clock::iso_millis;
use busbar_kernel::{Error, Kind, Result};
use busbar_store::{Dialect, RawAccess, RawStatement, Value, params};
use sha2::{Digest, Sha256};

use super::{AppliedMigration, Entry, Migrations, entries, write_down};
use crate::sql::{Planned, plan};

/// A migration to be applied.
#[derive(Clone, Debug)]
pub struct NewMigration {
    /// Digits, at most 64, above every version applied so far.
    pub version: String,
    /// Lower-case letters, digits and dashes.
    pub name: String,
    /// Its statements.
    pub sql: String,
}

/// Records only what comes after everything recorded. Numbers of any length are compared by length, then by digits.
const RECORD: &str = "INSERT INTO system.custom_migrations (version, name, statements, checksum, created_at) \
 SELECT $1, $2, $3, $4, $5 WHERE NOT EXISTS (SELECT 1 FROM system.custom_migrations \
 WHERE length(ltrim(version, '0')) > length(ltrim($1, '0')) \
 OR (length(ltrim(version, '0')) = length(ltrim($1, '0')) AND ltrim(version, '0') >= ltrim($1, '0')))";
impl Migrations {
    /// Applies a migration and records it: both or neither.
    ///
    /// # Errors
    /// `input.invalid` for a version or name of another form; `workbench.migration_exists` when its version is not
    /// above the newest; what its statements may not say; the database's.
    pub async fn apply(&self, migration: &NewMigration) -> Result<AppliedMigration> {
        check(migration)?;
        let schema = self.sql.schema();
        let Planned { written, script, .. } =
            plan(schema, true, &migration.sql, params![]).map_err(refused)?;
        let texts: Vec<String> = written.into_iter().map(|statement| statement.text).collect();
        let now = self.clock.now();
        let checksum = checksum(&texts);
        let db = &schema.library.db;
        let ticket = match db.dialect() {
            Dialect::Sqlite => None,
            Dialect::Postgres => {
                let entry = Entry {
                    version: migration.version.clone(),
                    name: migration.name.clone(),
                    statements: &texts,
                    checksum: checksum.clone(),
                    created_at: iso_millis(now),
                };
                Some(write_down(db, self.clock.as_ref(), false, entries(&[entry])?).await?)
            }
        };
        let (record, values) = match &ticket {
            Some(ticket) => ticket.recording(),
            None => {
                let (version, name) = (migration.version.as_str(), migration.name.as_str());
                let statements = Value::json(&texts)?;
                let values = vec![
                    version.into(),
                    name.into(),
                    statements,
                    checksum.into(),
                    now.into(),
                ];
                (RECORD.to_owned(), values)
            }
        };
        let mut all = Vec::with_capacity(script.len() + 1);
        all.push(RawStatement::ours(record, values).or_fail("BB409", "the version is not above the newest"));
        all.extend(script);
        let done = self.sql.script(&all, RawAccess::Strict, false, true).await;
        if let (Err(_), Some(ticket)) = (&done, &ticket) {
            ticket.forget(db).await?;
        }
        done.map_err(|error| match error.wire_code_str() {
            Some("BB409") => exists(&migration.version),
            _ => error,
        })?;
        schema.library.refresh().await?;
        Ok(AppliedMigration {
            version: migration.version.clone(),
            name: migration.name.clone(),
            statements: texts,
            created_at: now,
        })
    }
}

fn check(migration: &NewMigration) -> Result<()> {
    let version = &migration.version;
    if version.is_empty() || version.len() > 64 || !version.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Error::invalid("version", "A version is made of 1 to 64 digits"));
    }
    let name = &migration.name;
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if name.is_empty() || name.len() > 200 || !name.bytes().all(fits) {
        return Err(Error::invalid(
            "name",
            "A name is made of lower-case letters, digits and dashes",
        ));
    }
    Ok(())
}

/// What raw SQL may not say, a migration may not either; it is wrong input then, and nobody's missing right.
fn refused(error: Error) -> Error {
    match error.code_str() {
        "workbench.sql_refused" => {
            let message = error.message().to_owned();
            Error::new(Kind::Invalid, "workbench.migration_refused", message)
        }
        _ if error.field_str() == Some("query") => error.field("sql"),
        _ => error,
    }
}

fn exists(version: &str) -> Error {
    Error::new(
        Kind::Conflict,
        "workbench.migration_exists",
        format!("Migration {version} is not above the newest one that was applied"),
    )
}

fn checksum(statements: &[String]) -> String {
    hex::encode(Sha256::digest(statements.join(";\n")))
}
