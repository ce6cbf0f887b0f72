//! Migrations: numbered, forward-only, and never changed once applied.

use busbar_kernel::{Error, Result};
use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::Dialect;

/// The migrations of one part, in the order of their numbers.
#[derive(Clone, Copy, Debug)]
pub struct MigrationSet {
    /// The part's name; it must never change.
    pub name: &'static str,
    /// Its migrations.
    pub migrations: &'static [Migration],
}

/// One step forward; give the same text twice where the dialects agree.
#[derive(Clone, Copy, Debug)]
pub struct Migration {
    /// From 1 upwards, without holes.
    pub number: u32,
    /// Letters, digits and underscores.
    pub name: &'static str,
    /// Its statements for SQLite.
    pub sqlite: &'static str,
    /// Its statements for PostgreSQL.
    pub postgres: &'static str,
}

/// The table of applied migrations, one per scope. Each database records the checksum of its own text.
pub(crate) const CREATE_TABLE: &str = "CREATE TABLE IF NOT EXISTS system.migrations (
    part text NOT NULL,
    number integer NOT NULL,
    name text NOT NULL,
    checksum text NOT NULL,
    applied_at text NOT NULL,
    PRIMARY KEY (part, number)
)";
pub(crate) const SELECT_APPLIED: &str =
    "SELECT number, name, checksum FROM system.migrations WHERE part = $1 ORDER BY number";
pub(crate) const INSERT_APPLIED: &str =
    "INSERT INTO system.migrations (part, number, name, checksum, applied_at) VALUES ($1, $2, $3, $4, $5)";

/// A row of the table.
#[derive(Clone, Debug, Deserialize, PartialEq)]
pub(crate) struct Applied {
    pub(crate) number: u32,
    pub(crate) name: String,
    pub(crate) checksum: String,
}

impl Migration {
    pub(crate) fn text(&self, dialect: Dialect) -> &'static str {
        match dialect {
            Dialect::Sqlite => self.sqlite,
            Dialect::Postgres => self.postgres,
        }
    }

    /// SHA-256 of the text, with line ends as they are in the repository.
    pub fn checksum(&self, dialect: Dialect) -> String {
        hex::encode(Sha256::digest(self.text(dialect).replace("\r\n", "\n")))
    }

    /// How it is told: `identity 0001_users`.
    pub(crate) fn title(&self, set: &MigrationSet) -> String {
        format!("{} {:04}_{}", set.name, self.number, self.name)
    }
}

impl MigrationSet {
    /// The statements that record, in a PostgreSQL database brought up to date by other means, that all of the set is
    /// applied.
    pub fn recorded(&self, now: busbar_kernel::Timestamp) -> Vec<String> {
        let literal = |text: &str| format!("'{}'", text.replace('\'', "''"));
        let mut statements = vec![CREATE_TABLE.to_owned()];
        statements.extend(self.migrations.iter().map(|migration| {
            format!(
                "INSERT INTO system.migrations (part, number, name, checksum, applied_at) VALUES ({}, {}, {}, {}, {})",
                literal(self.name),
                migration.number,
                literal(migration.name),
                literal(&migration.checksum(Dialect::Postgres)),
                literal(&crate::timestamp_text(now)),
            )
        }));
        statements
    }

    /// The migrations still to apply, after comparing those applied with those known.
    ///
    /// # Errors
    /// A set that is not numbered 1, 2, 3 …; an applied migration that was edited, is unknown to this program,
    /// or was skipped.
    pub(crate) fn pending(&self, dialect: Dialect, applied: &[Applied]) -> Result<&'static [Migration]> {
        for (expected, migration) in (1..).zip(self.migrations) {
            if migration.number != expected {
                return Err(refused(format!(
                    "{}: migrations are numbered 1, 2, 3 …, but {} stands where {expected:04} should",
                    self.name,
                    migration.title(self)
                )));
            }
        }
        for (expected, row) in (1..).zip(applied) {
            let title = format!("{} {:04}_{}", self.name, row.number, row.name);
            if row.number != expected {
                return Err(refused(format!(
                    "{title} was applied before {} {expected:04}: the database's history has a hole",
                    self.name
                )));
            }
            let Some(known) = self.migrations.iter().find(|known| known.number == row.number) else {
                return Err(refused(format!(
                    "{title} was applied by a newer version of this program, which this one does not know"
                )));
            };
            if known.name != row.name || known.checksum(dialect) != row.checksum {
                return Err(refused(format!(
                    "{title} was edited after it was applied: restore its text and add a new migration instead"
                )));
            }
        }
        Ok(&self.migrations[applied.len()..])
    }
}

fn refused(message: String) -> Error {
    Error::new(busbar_kernel::Kind::Internal, "store.migration_refused", message)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: Migration = Migration {
        number: 1,
        name: "one",
        sqlite: "create table a (x)",
        postgres: "create table a (x int)",
    };
    const TWO: Migration = Migration {
        number: 2,
        name: "two",
        ..ONE
    };
    const SET: MigrationSet = MigrationSet {
        name: "part",
        migrations: &[ONE, TWO],
    };

    fn applied(migration: Migration) -> Applied {
        Applied {
            number: migration.number,
            name: migration.name.to_owned(),
            checksum: migration.checksum(Dialect::Sqlite),
        }
    }

    fn refusal(rows: &[Applied]) -> String {
        SET.pending(Dialect::Sqlite, rows)
            .unwrap_err()
            .message()
            .to_owned()
    }

    #[test]
    fn what_was_applied_must_be_what_is_known() {
        assert_eq!(
            SET.pending(Dialect::Sqlite, &[applied(ONE)]).unwrap()[0].number,
            2
        );
        let edited = Applied {
            checksum: "0".repeat(64),
            ..applied(ONE)
        };
        assert!(refusal(&[edited]).contains("part 0001_one was edited"));
        let newer = Applied {
            number: 3,
            ..applied(TWO)
        };
        assert!(refusal(&[applied(ONE), applied(TWO), newer]).contains("newer version"));
        assert!(refusal(&[applied(TWO)]).contains("hole"));
    }

    #[test]
    fn a_set_with_a_hole_is_refused() {
        let set = MigrationSet {
            name: "part",
            migrations: &[ONE, Migration { number: 3, ..TWO }],
        };
        assert!(set.pending(Dialect::Sqlite, &[]).is_err());
    }
}
