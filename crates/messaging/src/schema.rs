//! The table of the mailbox.

use busbar_store::{Migration, MigrationSet};

/// What the mailbox needs in the platform scope.
pub static MIGRATIONS: MigrationSet = MigrationSet {
    name: "messaging",
    migrations: &[Migration {
        number: 1,
        name: "mailbox",
        sqlite: include_str!("../migrations/sqlite/0001_mailbox.sql"),
        postgres: include_str!("../migrations/postgres/0001_mailbox.sql"),
    }],
};
