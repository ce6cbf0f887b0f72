//! SQL by hand, migrations, the advisor.

use busbar_platform::{Routes, get, post};

use crate::Services;
use crate::handlers::{advisor, migrations, sql};
use crate::permissions::{MIGRATIONS_APPLY, MIGRATIONS_READ, SQL_RUN, TABLES_READ};

/// A text of 4 MB, escaped as JSON.
const TEXT: usize = 12 * 1024 * 1024;

/// Their routes.
pub(crate) fn table() -> Routes<Services> {
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
