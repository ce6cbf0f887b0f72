//! The operator's tools: raw SQL, migrations, the record grid, the advisor, metadata (InsForge's contract, 6, 9.7).

use std::time::Duration;

use busbar_platform::{Limit, Routes, delete, get, patch, post};

use crate::Services;
use crate::errors::database_shape;
use crate::handlers::tables::list::SchemaQuery;
use crate::handlers::{advisor, functions, grid, metadata, migrations, raw_sql, triggers};
use crate::permissions::{METADATA_READ, SQL_RUN, TABLES_MANAGE};
use crate::views::advisor::{
    IssuesView, ScanStarted, ScanView, SuppressionView, SuppressionsView, Unsuppressed,
};
use crate::views::metadata as told;
use crate::views::workbench::{
    AppliedView, FunctionsView, MigrationsView, RehearsalView, SqlView, TriggersView,
};

/// A text of 4 MB, escaped.
const SQL_BYTES: usize = 16 * 1024 * 1024;
/// A text ends after 30 s; what surrounds it needs a little more.
const SQL_TIME: Duration = Duration::from_secs(40);
const GRID: &str = "/api/database/admin/tables/{table}/records";

/// The routes.
pub(crate) fn table() -> Routes<Services> {
    sql().merge(records()).merge(advising()).merge(describing())
}

fn sql() -> Routes<Services> {
    let dry_runs = Limit::per_address("insforge-dry-run", 30, 15);
    Routes::new()
        .group("sql")
        .shape(database_shape)
        .route(
            post("/api/database/advance/rawsql", &SQL_RUN, raw_sql::run::handle)
                .summary("Run SQL with the administrator's rights: all of it, or nothing")
                .body_limit(SQL_BYTES)
                .time_limit(SQL_TIME)
                .body::<raw_sql::run::SqlInput>()
                .answers::<SqlView>(200, "What it answered")
                .answers_plain(403, "It may not be said"),
        )
        .route(
            post(
                "/api/database/advance/rawsql/unrestricted",
                &SQL_RUN,
                raw_sql::run::handle_unrestricted,
            )
            .summary("Run SQL with the owner's rights; off unless allowed by name")
            .body_limit(SQL_BYTES)
            .time_limit(SQL_TIME)
            .body::<raw_sql::run::SqlInput>()
            .answers::<SqlView>(200, "What it answered")
            .answers_plain(403, "It is off, or may not be said"),
        )
        .route(
            get("/api/database/migrations", &SQL_RUN, migrations::list::handle)
                .summary("Custom migrations that were applied, newest first")
                .answers::<MigrationsView>(200, "The migrations"),
        )
        .route(
            post("/api/database/migrations", &SQL_RUN, migrations::create::handle)
                .summary("Apply a custom migration and record it")
                .body_limit(SQL_BYTES)
                .time_limit(SQL_TIME)
                .body::<migrations::create::MigrationInput>()
                .answers::<AppliedView>(201, "Applied")
                .answers_plain(409, "The version is not above the newest"),
        )
        .route(
            post(
                "/api/database/migrations/dry-run",
                &SQL_RUN,
                migrations::dry_run::handle,
            )
            .summary("Run a migration, undo it, and say what it could lose")
            .limit(dry_runs)
            .body_limit(SQL_BYTES)
            .time_limit(SQL_TIME)
            .body::<migrations::dry_run::DryRunInput>()
            .answers::<RehearsalView>(200, "What would happen"),
        )
        .route(
            get("/api/database/functions", &TABLES_MANAGE, functions::list::handle)
                .summary("Functions")
                .params::<SchemaQuery>()
                .answers::<FunctionsView>(200, "The functions"),
        )
        .route(
            get("/api/database/triggers", &TABLES_MANAGE, triggers::list::handle)
                .summary("Triggers")
                .params::<SchemaQuery>()
                .answers::<TriggersView>(200, "The triggers"),
        )
}

fn records() -> Routes<Services> {
    Routes::new()
        .group("grid")
        .shape(database_shape)
        .route(
            get(GRID, &SQL_RUN, grid::list::handle)
                .summary("A page of a table's rows")
                .params::<grid::list::Wanted>()
                .answers_plain(200, "All rows")
                .answers_plain(206, "Some of the rows"),
        )
        .route(
            get(
                "/api/database/admin/tables/{table}/records/lookup",
                &SQL_RUN,
                grid::look_up::handle,
            )
            .summary("The row of a key, or null; column and value may repeat")
            .answers_plain(200, "The row"),
        )
        .route(
            post(GRID, &SQL_RUN, grid::create::handle)
                .summary("Insert rows: all of them, or none")
                .answers_plain(201, "The rows"),
        )
        .route(
            patch(GRID, &SQL_RUN, grid::update::handle)
                .summary("Change the row of a key")
                .body::<grid::update::RowChange>()
                .answers_plain(200, "The row"),
        )
        .route(
            delete(GRID, &SQL_RUN, grid::delete::handle)
                .summary("Delete the rows of keys")
                .body::<grid::delete::RowKeys>()
                .answers::<grid::delete::RowsDeleted>(200, "How many there were"),
        )
}

fn advising() -> Routes<Services> {
    Routes::new()
        .group("advisor")
        .shape(database_shape)
        .route(
            post("/api/advisor/scan", &SQL_RUN, advisor::scan::handle)
                .summary("Look for what should be mended")
                .answers::<ScanStarted>(201, "Done"),
        )
        .route(
            get("/api/advisor/latest", &SQL_RUN, advisor::latest::handle)
                .summary("The newest scan")
                .answers::<ScanView>(200, "The scan, or null"),
        )
        .route(
            get("/api/advisor/issues", &SQL_RUN, advisor::findings::handle)
                .summary("What the newest scan found, the worst first")
                .params::<advisor::findings::Wanted>()
                .answers::<IssuesView>(200, "The issues"),
        )
        .route(
            get(
                "/api/advisor/suppressions",
                &SQL_RUN,
                advisor::suppressions::handle,
            )
            .summary("What is silent")
            .answers::<SuppressionsView>(200, "The suppressions"),
        )
        .route(
            post("/api/advisor/suppressions", &SQL_RUN, advisor::suppress::handle)
                .summary("Silence a rule, or one finding")
                .body::<advisor::suppress::SuppressionInput>()
                .answers::<SuppressionView>(201, "Silent"),
        )
        .route(
            delete(
                "/api/advisor/suppressions/{suppression}",
                &SQL_RUN,
                advisor::unsuppress::handle,
            )
            .summary("Let it be heard again")
            .answers::<Unsuppressed>(200, "Heard")
            .answers_plain(404, "There is none"),
        )
}

fn describing() -> Routes<Services> {
    Routes::new()
        .group("metadata")
        .shape(database_shape)
        .route(
            get("/api/metadata", &METADATA_READ, metadata::show::handle)
                .summary("What the project is made of; ?format=markdown for a text")
                .params::<metadata::show::Wanted>()
                .answers::<told::MetadataView>(200, "The project"),
        )
        .route(
            get("/api/metadata/auth", &METADATA_READ, metadata::parts::auth)
                .summary("The rules for accounts")
                .answers_plain(200, "The rules"),
        )
        .route(
            get(
                "/api/metadata/database",
                &METADATA_READ,
                metadata::parts::database,
            )
            .summary("Tables and their sizes")
            .answers::<told::DatabaseView>(200, "The database"),
        )
        .route(
            get("/api/metadata/storage", &METADATA_READ, metadata::parts::storage)
                .summary("Buckets and their sizes")
                .answers::<told::StorageView>(200, "The storage"),
        )
        .route(
            get(
                "/api/metadata/functions",
                &METADATA_READ,
                metadata::parts::functions,
            )
            .summary("Functions; there are none yet")
            .answers_plain(200, "An empty list"),
        )
        .route(
            get(
                "/api/metadata/realtime",
                &METADATA_READ,
                metadata::parts::realtime,
            )
            .summary("Channels; there are none yet")
            .answers::<told::RealtimeView>(200, "The channels"),
        )
        .route(
            get("/api/metadata/api-key", &METADATA_READ, metadata::parts::api_key)
                .summary("The administrator's key")
                .answers::<told::ApiKeyView>(200, "The key"),
        )
        .route(
            get(
                "/api/metadata/anon-key",
                &METADATA_READ,
                metadata::parts::anon_key,
            )
            .summary("The public key of anonymous callers")
            .answers::<told::AnonKeyView>(200, "The key"),
        )
        .route(
            get(
                "/api/metadata/project-id",
                &METADATA_READ,
                metadata::parts::project_id,
            )
            .summary("The project's id in the cloud; here null")
            .answers::<told::ProjectIdView>(200, "Null"),
        )
        .route(
            get("/api/metadata/{table}", &METADATA_READ, metadata::table::handle)
                .summary("One table with its indexes, policies and triggers")
                .answers_plain(200, "The table"),
        )
}
