//! The workbench's own tables in the data scope.

use busbar_store::{Migration, MigrationSet};

pub(crate) const MIGRATIONS: MigrationSet = MigrationSet {
    name: "workbench",
    migrations: &[Migration {
        number: 1,
        name: "administration",
        sqlite: include_str!("../migrations/sqlite/0001_administration.sql"),
        postgres: include_str!("../migrations/postgres/0001_administration.sql"),
    }],
};
