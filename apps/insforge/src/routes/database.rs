//! Tables, policies and records.

use busbar_platform::{Routes, delete, get, patch, post, put};

use crate::Services;
use crate::errors::database_shape;
use crate::handlers::{indexes, policies, records, rpc, schemas, table_schema, tables};
use crate::permissions::{RECORDS_USE, TABLES_MANAGE};
use crate::views::database::{
    Altered, Created, Dropped, IndexesView, PoliciesView, PolicyView, SchemasView, TableSchemaView,
};

const RECORDS: &str = "/api/database/records/{table}";

/// Their routes.
pub(crate) fn table() -> Routes<Services> {
    managing().merge(using())
}

fn managing() -> Routes<Services> {
    Routes::new()
        .group("database")
        .shape(database_shape)
        .route(
            get("/api/database/tables", &TABLES_MANAGE, tables::list::handle)
                .summary("Tables by name")
                .params::<tables::list::SchemaQuery>()
                .answers::<Vec<String>>(200, "The names"),
        )
        .route(
            post("/api/database/tables", &TABLES_MANAGE, tables::create::handle)
                .summary("Make a table")
                .body::<tables::create::TableInput>()
                .answers::<Created>(201, "Made"),
        )
        .route(
            delete(
                "/api/database/tables/{table}",
                &TABLES_MANAGE,
                tables::delete::handle,
            )
            .summary("Drop a table; no error when there is none")
            .answers::<Dropped>(200, "Gone"),
        )
        .route(
            get(
                "/api/database/tables/{table}/schema",
                &TABLES_MANAGE,
                table_schema::show::handle,
            )
            .summary("Describe a table")
            .answers::<TableSchemaView>(200, "The table"),
        )
        .route(
            patch(
                "/api/database/tables/{table}/schema",
                &TABLES_MANAGE,
                table_schema::update::handle,
            )
            .summary("Change a table: all of it, or nothing")
            .body::<table_schema::update::ChangesInput>()
            .answers::<Altered>(200, "Changed")
            .answers_plain(409, "The rows do not allow it"),
        )
        .route(
            get("/api/database/schemas", &TABLES_MANAGE, schemas::list::handle)
                .summary("Schemas that hold tables")
                .answers::<SchemasView>(200, "The schemas"),
        )
        .route(
            get("/api/database/indexes", &TABLES_MANAGE, indexes::list::handle)
                .summary("Indexes")
                .params::<tables::list::SchemaQuery>()
                .answers::<IndexesView>(200, "The indexes"),
        )
        .route(
            get("/api/database/policies", &TABLES_MANAGE, policies::list::handle)
                .summary("Policies")
                .params::<tables::list::SchemaQuery>()
                .answers::<PoliciesView>(200, "The policies"),
        )
        .route(
            post("/api/database/policies", &TABLES_MANAGE, policies::create::handle)
                .summary("Make a policy, which turns row security on; Busbar's own addition")
                .body::<policies::create::PolicyInput>()
                .answers::<PolicyView>(201, "Made")
                .answers_plain(404, "There is no such table")
                .answers_plain(409, "There is one of that name"),
        )
        .route(
            delete(
                "/api/database/policies/{table}/{policy}",
                &TABLES_MANAGE,
                policies::delete::handle,
            )
            .summary("Drop a policy; Busbar's own addition")
            .answers_plain(204, "Dropped"),
        )
}

fn using() -> Routes<Services> {
    Routes::new()
        .group("records")
        .route(
            get(RECORDS, &RECORDS_USE, records::answer::handle)
                .summary("Rows, by PostgREST's grammar")
                .answers_plain(200, "Rows")
                .answers_plain(206, "Some of the counted rows")
                .answers_plain(406, "Not exactly one row")
                .answers_plain(416, "Nothing in this range"),
        )
        .route(
            post(RECORDS, &RECORDS_USE, records::answer::handle)
                .summary("Insert or upsert rows: JSON, CSV or a form")
                .answers_plain(200, "Only existing rows were changed")
                .answers_plain(201, "Inserted")
                .answers_plain(406, "Not exactly one row")
                .answers_plain(409, "A row is there already, or its reference is not"),
        )
        .route(
            patch(RECORDS, &RECORDS_USE, records::answer::handle)
                .summary("Change the rows that the filters pick")
                .answers_plain(200, "Changed, with the rows")
                .answers_plain(204, "Changed")
                .answers_plain(406, "Not exactly one row")
                .answers_plain(409, "The rows do not allow it"),
        )
        .route(
            put(RECORDS, &RECORDS_USE, records::answer::handle)
                .summary("Insert or replace the one row of a primary key")
                .answers_plain(200, "Replaced, with the row")
                .answers_plain(201, "Inserted")
                .answers_plain(204, "Replaced")
                .answers_plain(405, "The filters are not exactly the primary key")
                .answers_plain(409, "The rows do not allow it"),
        )
        .route(
            delete(RECORDS, &RECORDS_USE, records::answer::handle)
                .summary("Delete the rows that the filters pick")
                .answers_plain(200, "Deleted, with the rows")
                .answers_plain(204, "Deleted")
                .answers_plain(406, "Not exactly one row")
                .answers_plain(409, "The rows are referred to"),
        )
        .route(
            get("/api/database/rpc/{function}", &RECORDS_USE, rpc::call::handle)
                .summary("Call a function that only reads; PostgreSQL only")
                .answers_plain(200, "What it returns")
                .answers_plain(404, "No function of this name takes these arguments"),
        )
        .route(
            post("/api/database/rpc/{function}", &RECORDS_USE, rpc::call::handle)
                .summary("Call a function; PostgreSQL only")
                .answers_plain(200, "What it returns")
                .answers_plain(204, "It returns nothing")
                .answers_plain(404, "No function of this name takes these arguments"),
        )
}
