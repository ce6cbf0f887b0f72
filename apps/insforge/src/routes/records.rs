//! Rows and functions, which the gateway and the plain PostgREST root offer alike.

use axum::handler::Handler;
use busbar_platform::{Permission, Routes, delete, get, patch, post, put};

use crate::Services;

/// Adds the rows of a table, by every method of the record grammar.
pub(super) fn rows<H, T>(
    routes: Routes<Services>,
    path: &str,
    permission: &'static Permission,
    handler: H,
) -> Routes<Services>
where
    H: Handler<T, Services>,
    T: 'static,
{
    routes
        .route(
            get(path, permission, handler.clone())
                .summary("Rows, by PostgREST's grammar")
                .answers_plain(200, "Rows")
                .answers_plain(206, "Some of the counted rows")
                .answers_plain(406, "Not exactly one row, or no such form")
                .answers_plain(416, "Nothing in this range"),
        )
        .route(
            post(path, permission, handler.clone())
                .summary("Insert or upsert rows: JSON, CSV or a form")
                .answers_plain(200, "Only existing rows were changed")
                .answers_plain(201, "Inserted")
                .answers_plain(406, "Not exactly one row")
                .answers_plain(409, "A row is there already, or its reference is not"),
        )
        .route(
            patch(path, permission, handler.clone())
                .summary("Change the rows that the filters pick")
                .answers_plain(200, "Changed, with the rows")
                .answers_plain(204, "Changed")
                .answers_plain(406, "Not exactly one row")
                .answers_plain(409, "The rows do not allow it"),
        )
        .route(
            put(path, permission, handler.clone())
                .summary("Insert or replace the one row of a primary key")
                .answers_plain(200, "Replaced, with the row")
                .answers_plain(201, "Inserted")
                .answers_plain(204, "Replaced")
                .answers_plain(405, "The filters are not exactly the primary key")
                .answers_plain(409, "The rows do not allow it"),
        )
        .route(
            delete(path, permission, handler)
                .summary("Delete the rows that the filters pick")
                .answers_plain(200, "Deleted, with the rows")
                .answers_plain(204, "Deleted")
                .answers_plain(406, "Not exactly one row")
                .answers_plain(409, "The rows are referred to"),
        )
}

/// Adds the calls of a function of the database.
pub(super) fn functions<H, T>(
    routes: Routes<Services>,
    path: &str,
    permission: &'static Permission,
    handler: H,
) -> Routes<Services>
where
    H: Handler<T, Services>,
    T: 'static,
{
    routes
        .route(
            get(path, permission, handler.clone())
                .summary("Call a function that only reads; arguments are parameters; PostgreSQL only")
                .answers_plain(200, "What it returns")
                .answers_plain(404, "No function of this name takes these arguments"),
        )
        .route(
            post(path, permission, handler)
                .summary("Call a function; arguments are the body's members; PostgreSQL only")
                .answers_plain(200, "What it returns")
                .answers_plain(204, "It returns nothing")
                .answers_plain(404, "No function of this name takes these arguments"),
        )
}
