//! Export, import and backups (InsForge's contract, 6.3, 6.5).

use std::time::Duration;

use busbar_platform::{Limit, Routes, delete, get, patch, post};

use crate::Services;
use crate::errors::database_shape;
use crate::handlers::{backups, database_config, transfer};
use crate::permissions::{BACKUPS_MANAGE, SQL_RUN};
use crate::views::backup::{BackupDone, BackupView, BackupsView};
use crate::views::database_config::DatabaseConfigView;

/// A file of 32 MB and the form around it.
const FILE_BYTES: usize = 33 * 1024 * 1024;
/// What a file may take, and what surrounds it.
const FILE_TIME: Duration = Duration::from_secs(150);
/// A restore is one transaction however large the data are.
const RESTORE_TIME: Duration = Duration::from_secs(3600);

/// The routes.
pub(crate) fn table() -> Routes<Services> {
    files().merge(copies())
}

fn files() -> Routes<Services> {
    Routes::new()
        .group("transfer")
        .shape(database_shape)
        .route(
            post("/api/database/advance/export", &SQL_RUN, transfer::export::handle)
                .summary("Export tables as SQL or JSON, as of one moment")
                .body::<transfer::export::ExportInput>()
                .answers::<transfer::export::ExportView>(200, "The export")
                .answers_plain(404, "A table is not there"),
        )
        .route(
            post("/api/database/advance/import", &SQL_RUN, transfer::import::handle)
                .summary("Run a file of SQL (form fields file, truncate): all of it, or nothing")
                .body_limit(FILE_BYTES)
                .time_limit(FILE_TIME)
                .answers::<transfer::import::ImportView>(200, "What it did")
                .answers_plain(400, "A statement fails; the message names its line")
                .answers_plain(409, "A row or name is there already; the message names the line"),
        )
        .route(
            post("/api/database/advance/bulk-upsert", &SQL_RUN, transfer::upsert::handle)
                .summary("Put the rows of a CSV or JSON file (form fields file, table, schema, upsertKey) into a table")
                .body_limit(FILE_BYTES)
                .time_limit(FILE_TIME)
                .answers::<transfer::upsert::UpsertView>(200, "What became of the rows")
                .answers_plain(400, "A row does not fit; the message names its line")
                .answers_plain(404, "The table is not there")
                .answers_plain(409, "A row is there already; the message names its line"),
        )
}

fn copies() -> Routes<Services> {
    let restores = Limit::per_address("insforge-restore", 10, 15);
    Routes::new()
        .group("backups")
        .shape(database_shape)
        .route(
            get("/api/database/backups", &BACKUPS_MANAGE, backups::list::handle)
                .summary("Backups, newest first")
                .answers::<BackupsView>(200, "The backups"),
        )
        .route(
            post("/api/database/backups", &BACKUPS_MANAGE, backups::create::handle)
                .summary("Begin a backup; the list tells how it ended")
                .body::<backups::create::BackupInput>()
                .answers::<BackupView>(201, "Begun")
                .answers_plain(409, "Another one is being made"),
        )
        .route(
            patch(
                "/api/database/backups/{backup}",
                &BACKUPS_MANAGE,
                backups::rename::handle,
            )
            .summary("Give a backup another name")
            .body::<backups::rename::BackupName>()
            .answers::<BackupView>(200, "The backup")
            .answers_plain(404, "There is none"),
        )
        .route(
            delete(
                "/api/database/backups/{backup}",
                &BACKUPS_MANAGE,
                backups::delete::handle,
            )
            .summary("Delete a backup")
            .answers::<BackupDone>(200, "Deleted")
            .answers_plain(404, "There is none")
            .answers_plain(409, "One is being made or restored"),
        )
        .route(
            post(
                "/api/database/backups/{backup}/restore",
                &BACKUPS_MANAGE,
                backups::restore::handle,
            )
            .summary("Put a backup in the place of the tables: all of it, or nothing")
            .limit(restores)
            .time_limit(RESTORE_TIME)
            .answers::<BackupDone>(200, "Restored")
            .answers_plain(409, "It is not complete, was changed, or does not fit")
            .answers_plain(
                503,
                "PostgreSQL's client programs are missing beside Busbar, or refuse",
            ),
        )
        .route(
            get(
                "/api/database/config",
                &BACKUPS_MANAGE,
                database_config::show::handle,
            )
            .summary("When backups are made by themselves, and how long they are kept")
            .answers::<DatabaseConfigView>(200, "The schedule"),
        )
        .route(
            patch(
                "/api/database/config",
                &BACKUPS_MANAGE,
                database_config::change::handle,
            )
            .summary("Change when backups are made by themselves; what is absent stays")
            .body::<database_config::change::DatabaseConfigChange>()
            .answers::<DatabaseConfigView>(200, "The schedule"),
        )
}
