//! Tables, policies, indexes and rows.

use busbar_platform::{Routes, delete, get, patch, post, put};

use crate::Services;
use crate::handlers::{indexes, policies, records, tables};
use crate::permissions::{RECORDS_READ, RECORDS_WRITE, TABLES_READ, TABLES_WRITE};

/// Their routes.
pub(crate) fn table() -> Routes<Services> {
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
