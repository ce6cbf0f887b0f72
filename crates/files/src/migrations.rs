//! The tables of files.

use busbar_store::{Migration, MigrationSet};

/// The tables of files, for the data scope.
pub static MIGRATIONS: MigrationSet = MigrationSet {
    name: "files",
    migrations: &[
        Migration {
            number: 1,
            name: "storage",
            sqlite: include_str!("../migrations/sqlite/0001_storage.sql"),
            postgres: include_str!("../migrations/postgres/0001_storage.sql"),
        },
        Migration {
            number: 2,
            name: "s3",
            sqlite: include_str!("../migrations/sqlite/0002_s3.sql"),
            postgres: include_str!("../migrations/postgres/0002_s3.sql"),
        },
        Migration {
            number: 3,
            name: "access",
            sqlite: include_str!("../migrations/sqlite/0003_access.sql"),
            postgres: include_str!("../migrations/postgres/0003_access.sql"),
        },
        Migration {
            number: 4,
            name: "direct",
            sqlite: include_str!("../migrations/sqlite/0004_direct.sql"),
            postgres: include_str!("../migrations/postgres/0004_direct.sql"),
        },
    ],
};
