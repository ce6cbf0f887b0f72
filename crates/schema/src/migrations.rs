//! The data scope's own tables, functions and grants.

use busbar_store::{Migration, MigrationSet};

/// Everything of the data scope that people's tables need.
pub const MIGRATIONS: MigrationSet = MigrationSet {
    name: "data",
    migrations: &[
        Migration {
            number: 1,
            name: "policies",
            sqlite: include_str!("../migrations/sqlite/0001_policies.sql"),
            postgres: include_str!("../migrations/postgres/0001_policies.sql"),
        },
        Migration {
            number: 2,
            name: "change_events",
            sqlite: include_str!("../migrations/sqlite/0002_change_events.sql"),
            postgres: include_str!("../migrations/postgres/0002_change_events.sql"),
        },
    ],
};
