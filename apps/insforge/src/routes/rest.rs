//! The plain PostgREST root.

use std::sync::Arc;

use busbar_platform::{Routes, get, options};

use super::records;
use crate::Services;
use crate::handlers::rest;
use crate::permissions::REST_USE;
use crate::rest_errors;
use crate::rest_gate::RestGate;

const TABLE: &str = "/rest/v1/{table}";
const FUNCTION: &str = "/rest/v1/rpc/{function}";

/// Its routes.
pub(crate) fn table(services: &Services) -> Routes<Services> {
    let root = Routes::new()
        .group("rest")
        .shape(rest_errors::shape)
        .gate(Arc::new(RestGate::new(services)))
        .route(
            get("/rest/v1/", &REST_USE, rest::describe::handle)
                .summary("Describe the schema as OpenAPI 2.0, by the caller's rights")
                .answers_plain(200, "The description"),
        )
        .route(options("/rest/v1/", &REST_USE, rest::options::root).summary("The methods of the root"));
    let with_rows = records::rows(root, TABLE, &REST_USE, rest::records::handle)
        .route(options(TABLE, &REST_USE, rest::options::table).summary("The methods of a table or view"));
    records::functions(with_rows, FUNCTION, &REST_USE, rest::call::handle)
        .route(options(FUNCTION, &REST_USE, rest::options::function).summary("The methods of a function"))
}
