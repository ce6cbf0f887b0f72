//! Tables, policies and records.

use busbar_platform::{Routes, delete, get, patch, post};

use crate::Services;
use crate::errors::database_shape;
use crate::handlers::{indexes, policies, records, rpc, schemas, table_schema, tables};
use crate::permissions::{RECORDS_USE, TABLES_MANAGE};
use crate::views::database::{
    Altered, Created, Dropped, IndexesView, PoliciesView, PolicyView, SchemasView, TableSchemaView,
};

const RECORDS: &str = "/api/database/records/{table}";
const FUNCTION: &str = "/api/database/rpc/{function}";

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
                .params::<tables::list::SchemaQuery>()
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
            .params::<tables::list::SchemaQuery>()
            .answers::<Dropped>(200, "Gone"),
        )
        .route(
            get(
                "/api/database/tables/{table}/schema",
                &TABLES_MANAGE,
                table_schema::show::handle,
            )
            .summary("Describe a table")
            .params::<tables::list::SchemaQuery>()
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
    let group = Routes::new().group("records");
    let rows = super::records::rows(group, RECORDS, &RECORDS_USE, records::answer::handle);
    super::records::functions(rows, FUNCTION, &RECORDS_USE, rpc::call::handle)
}
