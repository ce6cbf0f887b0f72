//! The workbench's own tables in the data scope.

use busbar_store::{Migration, MigrationSet};

/// Everything the workbench keeps in the data scope.
pub const MIGRATIONS: MigrationSet = MigrationSet {
    name: "workbench",
    migrations: &[
        Migration {
            number: 1,
            name: "administration",
            sqlite: include_str!("../migrations/sqlite/0001_administration.sql"),
            postgres: include_str!("../migrations/postgres/0001_administration.sql"),
        },
        Migration {
            number: 2,
            name: "restore",
            sqlite: include_str!("../migrations/sqlite/0002_restore.sql"),
            postgres: include_str!("../migrations/postgres/0002_restore.sql"),
        },
        Migration {
            number: 3,
            name: "model",
            sqlite: include_str!("../migrations/sqlite/0003_model.sql"),
            postgres: include_str!("../migrations/postgres/0003_model.sql"),
        },
        Migration {
            number: 4,
            name: "restored_publications",
            sqlite: include_str!("../migrations/sqlite/0004_restored_publications.sql"),
            postgres: include_str!("../migrations/postgres/0004_restored_publications.sql"),
        },
        Migration {
            number: 5,
            name: "recorded_migrations",
            sqlite: include_str!("../migrations/sqlite/0005_recorded_migrations.sql"),
            postgres: include_str!("../migrations/postgres/0005_recorded_migrations.sql"),
        },
    ],
};
