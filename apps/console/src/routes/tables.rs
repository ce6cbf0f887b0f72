//! Tables, policies, indexes, change events and rows.

use busbar_platform::{Routes, delete, get, patch, post, put};

use crate::Services;
use crate::handlers::{change_events, indexes, policies, records, tables};
use crate::permissions::{RECORDS_READ, RECORDS_WRITE, TABLES_READ, TABLES_WRITE};

const EVENTS: &str = "/api/tables/{table}/change-events";

/// Their routes.
pub(crate) fn table() -> Routes<Services> {
    structure().merge(events()).merge(rows())
}

fn structure() -> Routes<Services> {
    Routes::new()
        .group("console tables")
        .route(
            get("/api/tables", &TABLES_READ, tables::list::handle)
                .summary("Tables with what they hold")
                .answers::<tables::list::Listed>(200, "The tables"),
        )
        .route(
            post("/api/tables", &TABLES_WRITE, tables::create::handle)
                .summary("Make a table")
                .body::<tables::create::TableInput>()
                .answers::<tables::TableView>(201, "Made")
                .answers_plain(409, "There is one of that name"),
        )
        .route(
            get("/api/tables/{table}", &TABLES_READ, tables::show::handle)
                .summary("Describe a table")
                .answers::<tables::TableView>(200, "The table"),
        )
        .route(
            patch("/api/tables/{table}", &TABLES_WRITE, tables::update::handle)
                .summary("Change a table: all of it, or nothing")
                .body::<tables::update::ChangesInput>()
                .answers::<tables::TableView>(200, "Changed")
                .answers_plain(409, "The rows do not allow it"),
        )
        .route(
            delete("/api/tables/{table}", &TABLES_WRITE, tables::delete::handle)
                .summary("Drop a table with its rows")
                .answers_plain(204, "Dropped"),
        )
        .route(
            post(
                "/api/tables/{table}/policies",
                &TABLES_WRITE,
                policies::create::handle,
            )
            .summary("Make a policy, which turns row security on")
            .body::<policies::create::PolicyInput>()
            .answers::<tables::TableView>(201, "Made"),
        )
        .route(
            delete(
                "/api/tables/{table}/policies/{policy}",
                &TABLES_WRITE,
                policies::delete::handle,
            )
            .summary("Drop a policy")
            .answers_plain(204, "Dropped"),
        )
        .route(
            put(
                "/api/tables/{table}/policies/{policy}",
                &TABLES_WRITE,
                policies::replace::handle,
            )
            .summary("Put another policy in its place, at once")
            .body::<policies::create::PolicyInput>()
            .answers::<tables::TableView>(200, "Replaced"),
        )
        .route(
            put(
                "/api/tables/{table}/row-security",
                &TABLES_WRITE,
                tables::row_security::handle,
            )
            .summary("Turn row security on or off; policies stay")
            .body::<tables::row_security::RowSecurity>()
            .answers::<tables::TableView>(200, "Changed"),
        )
        .route(
            post(
                "/api/tables/{table}/indexes",
                &TABLES_WRITE,
                indexes::create::handle,
            )
            .summary("Make an index")
            .body::<indexes::create::IndexInput>()
            .answers::<tables::TableView>(201, "Made")
            .answers_plain(
                409,
                "The name is taken, or rows share values that are to be unique",
            ),
        )
        .route(
            delete(
                "/api/tables/{table}/indexes/{index}",
                &TABLES_WRITE,
                indexes::delete::handle,
            )
            .summary("Drop an index, and the unique constraint that it serves")
            .answers_plain(204, "Dropped"),
        )
}

fn events() -> Routes<Services> {
    Routes::new()
        .group("console tables")
        .route(
            get(EVENTS, &TABLES_READ, change_events::show::handle)
                .summary("What is recorded of a table's changes")
                .answers::<change_events::show::PublicationState>(200, "What is recorded"),
        )
        .route(
            put(EVENTS, &TABLES_WRITE, change_events::publish::handle)
                .summary("Record every change of a table from now on")
                .body::<change_events::publish::PublicationInput>()
                .answers::<change_events::PublicationView>(200, "Switched on"),
        )
        .route(
            delete(EVENTS, &TABLES_WRITE, change_events::withdraw::handle)
                .summary("Record nothing more of a table; what was recorded stays")
                .answers_plain(204, "Switched off")
                .answers_plain(404, "Nothing was switched on"),
        )
        .route(
            get(
                "/api/tables/{table}/changes",
                &RECORDS_READ,
                change_events::recent::handle,
            )
            .summary("What was recorded of a table, newest first")
            .params::<change_events::recent::Wanted>()
            .answers::<change_events::recent::Changes>(200, "A page"),
        )
}

fn rows() -> Routes<Services> {
    Routes::new()
        .group("console records")
        .shape(records::answer::shape)
        .route(
            get("/api/records/{table}", &RECORDS_READ, records::answer::handle)
                .summary("Rows, by the record grammar")
                .answers_plain(200, "Rows")
                .answers_plain(206, "Some of the counted rows"),
        )
        .route(
            post("/api/records/{table}", &RECORDS_WRITE, records::answer::handle)
                .summary("Insert rows: JSON or CSV")
                .answers_plain(201, "Inserted"),
        )
        .route(
            patch("/api/records/{table}", &RECORDS_WRITE, records::answer::handle)
                .summary("Change the rows that the filters pick")
                .answers_plain(200, "Changed, with the rows")
                .answers_plain(204, "Changed"),
        )
        .route(
            delete("/api/records/{table}", &RECORDS_WRITE, records::answer::handle)
                .summary("Delete the rows that the filters pick")
                .answers_plain(200, "Deleted, with the rows")
                .answers_plain(204, "Deleted"),
        )
}
