//! The plain PostgREST root.

use std::sync::Arc;

use busbar_platform::{Routes, delete, get, options, patch, post, put};

use crate::Services;
use crate::handlers::rest;
use crate::permissions::REST_USE;
use crate::rest_errors;
use crate::rest_gate::RestGate;

const TABLE: &str = "/rest/v1/{table}";
const FUNCTION: &str = "/rest/v1/rpc/{function}";

/// Its routes.
pub(crate) fn table(services: &Services) -> Routes<Services> {
    Routes::new()
        .group("rest")
        .shape(rest_errors::shape)
        .gate(Arc::new(RestGate::new(services)))
        .route(
            get("/rest/v1/", &REST_USE, rest::describe::handle)
                .summary("Describe the schema as OpenAPI 2.0, by the caller's rights")
                .answers_plain(200, "The description"),
        )
        .route(options("/rest/v1/", &REST_USE, rest::options::root).summary("The methods of the root"))
        .route(
            get(TABLE, &REST_USE, rest::records::handle)
                .summary("Rows, by PostgREST's grammar")
                .answers_plain(200, "Rows")
                .answers_plain(206, "Some of the counted rows")
                .answers_plain(406, "Not exactly one row, or no such form")
                .answers_plain(416, "Nothing in this range"),
        )
        .route(
            post(TABLE, &REST_USE, rest::records::handle)
                .summary("Insert or upsert rows: JSON, CSV or a form")
                .answers_plain(200, "Only existing rows were changed")
                .answers_plain(201, "Inserted")
                .answers_plain(409, "A row is there already, or its reference is not"),
        )
        .route(
            patch(TABLE, &REST_USE, rest::records::handle)
                .summary("Change the rows that the filters pick")
                .answers_plain(200, "Changed, with the rows")
                .answers_plain(204, "Changed"),
        )
        .route(
            put(TABLE, &REST_USE, rest::records::handle)
                .summary("Insert or replace the one row of a primary key")
                .answers_plain(200, "Replaced, with the row")
                .answers_plain(201, "Inserted")
                .answers_plain(204, "Replaced")
                .answers_plain(405, "The filters are not exactly the primary key"),
        )
        .route(
            delete(TABLE, &REST_USE, rest::records::handle)
                .summary("Delete the rows that the filters pick")
                .answers_plain(200, "Deleted, with the rows")
                .answers_plain(204, "Deleted"),
        )
        .route(options(TABLE, &REST_USE, rest::options::table).summary("The methods of a table or view"))
        .route(
            get(FUNCTION, &REST_USE, rest::call::handle)
                .summary("Call a function that only reads; arguments are parameters")
                .answers_plain(200, "What it returns")
                .answers_plain(404, "No function of this name takes these arguments"),
        )
        .route(
            post(FUNCTION, &REST_USE, rest::call::handle)
                .summary("Call a function; arguments are the body's members")
                .answers_plain(200, "What it returns")
                .answers_plain(204, "It returns nothing")
                .answers_plain(404, "No function of this name takes these arguments"),
        )
        .route(options(FUNCTION, &REST_USE, rest::options::function).summary("The methods of a function"))
}
