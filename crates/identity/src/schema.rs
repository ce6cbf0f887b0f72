//! The tables of a directory.

use busbar_store::{Migration, MigrationSet};

/// Everything a directory needs in its scope.
pub static MIGRATIONS: MigrationSet = MigrationSet {
    name: "identity",
    migrations: &[Migration {
        number: 1,
        name: "accounts",
        sqlite: include_str!("../migrations/sqlite/0001_accounts.sql"),
        postgres: include_str!("../migrations/postgres/0001_accounts.sql"),
    }],
};
