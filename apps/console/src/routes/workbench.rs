//! SQL by hand, migrations, the advisor, exports and backups.

use std::time::Duration;

use busbar_platform::{Limit, Routes, delete, get, post};

use crate::Services;
use crate::handlers::{advisor, backups, exports, migrations, sql};
use crate::permissions::{
    BACKUPS_READ, BACKUPS_RESTORE, BACKUPS_WRITE, MIGRATIONS_APPLY, MIGRATIONS_READ, RECORDS_READ, SQL_RUN,
    TABLES_READ,
};

/// A text of 4 MB, escaped as JSON.
const TEXT: usize = 12 * 1024 * 1024;

/// A restore is one transaction however large the data are.
const RESTORE_TIME: Duration = Duration::from_secs(3600);

/// Their routes.
pub(crate) fn table() -> Routes<Services> {
    statements().merge(copies())
}

fn copies() -> Routes<Services> {
    Routes::new()
        .group("console copies")
        .route(
            get("/api/export", &RECORDS_READ, exports::all::handle)
                .summary("Every table in one file: SQL, JSON, or a ZIP of CSV files")
                .params::<exports::Wanted>()
                .answers_plain(200, "The file"),
        )
        .route(
            get(
                "/api/tables/{table}/export",
                &RECORDS_READ,
                exports::table::handle,
            )
            .summary("All rows of a table as CSV or JSON, or the table as SQL")
            .params::<exports::Wanted>()
            .answers_plain(200, "The file"),
        )
        .route(
            get("/api/backups", &BACKUPS_READ, backups::list::handle)
                .summary("Backups, newest first")
                .answers::<backups::list::Listed>(200, "The backups"),
        )
        .route(
            post("/api/backups", &BACKUPS_WRITE, backups::create::handle)
                .summary("Begin a backup; the list tells how it ended")
                .body::<backups::create::NewBackup>()
                .answers::<backups::BackupView>(201, "Begun")
                .answers_plain(409, "Another one is being made"),
        )
        .route(
            get(
                "/api/backups/{backup}/file",
                &BACKUPS_READ,
                backups::download::handle,
            )
            .summary("The file of a complete backup")
            .answers_plain(200, "The bytes")
            .answers_plain(409, "It is not complete, or not here"),
        )
        .route(
            post(
                "/api/backups/{backup}/restore",
                &BACKUPS_RESTORE,
                backups::restore::handle,
            )
            .summary("Put a backup in the place of the tables: all of it, or nothing")
            .limit(Limit::per_address("console-restore", 10, 15))
            .time_limit(RESTORE_TIME)
            .answers_plain(204, "Restored")
            .answers_plain(409, "It is not complete, was changed, or does not fit"),
        )
        .route(
            delete("/api/backups/{backup}", &BACKUPS_WRITE, backups::delete::handle)
                .summary("Delete a backup")
                .answers_plain(204, "Deleted"),
        )
}

fn statements() -> Routes<Services> {
    Routes::new()
        .group("console workbench")
        .route(
            get("/api/sql", &SQL_RUN, sql::show::handle)
                .summary("Which database answers SQL, and with whose rights it may run")
                .answers::<sql::show::Conditions>(200, "The conditions"),
        )
        .route(
            post("/api/sql", &SQL_RUN, sql::run::handle)
                .summary("Run SQL: everything of it, or nothing")
                .body_limit(TEXT)
                .body::<sql::run::SqlText>()
                .answers::<sql::run::SqlResult>(200, "What it answered")
                .answers_plain(400, "The database refuses it; the field tells line and column")
                .answers_plain(403, "It may not be said"),
        )
        .route(
            get("/api/migrations", &MIGRATIONS_READ, migrations::list::handle)
                .summary("Migrations that were applied, newest first")
                .answers::<migrations::list::Listed>(200, "The migrations"),
        )
        .route(
            post("/api/migrations", &MIGRATIONS_APPLY, migrations::apply::handle)
                .summary("Apply a migration and record it")
                .body_limit(TEXT)
                .body::<migrations::apply::MigrationText>()
                .answers::<migrations::MigrationView>(201, "Applied")
                .answers_plain(409, "Its version is not above the newest"),
        )
        .route(
            post(
                "/api/migrations/dry-run",
                &MIGRATIONS_APPLY,
                migrations::rehearse::handle,
            )
            .summary("Run statements, undo them, and say what they could lose")
            .body_limit(TEXT)
            .body::<migrations::rehearse::Rehearsed>()
            .answers::<migrations::rehearse::RehearsalView>(200, "What came of it"),
        )
        .route(
            post("/api/advisor/scan", &TABLES_READ, advisor::scan::handle)
                .summary("Look at every table and say what should be mended")
                .answers::<advisor::scan::Findings>(200, "What was found"),
        )
}
