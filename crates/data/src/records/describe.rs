//! The schema's description at the root: OpenAPI 2.0, by the caller's rights (PostgREST's contract, A13).

use std::collections::{BTreeMap, HashMap, HashSet};

use busbar_kernel::Result;
use busbar_schema::catalogue::{Catalogue, Column, ColumnType, Routine, Table, all_as_administrator};
use busbar_schema::tables::shown_default;
use busbar_store::{Db, Dialect, Value};
use bytes::Bytes;
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};

use super::request::{RecordAnswer, RecordBody};
use crate::caller::Role;

const FORMS: [&str; 4] = [
    "application/json",
    "application/vnd.pgrst.object+json;nulls=stripped",
    "application/vnd.pgrst.object+json",
    "text/csv",
];

/// What a role may do, and what comments say.
#[derive(Default)]
struct Rights {
    /// By table: select, insert, update, delete.
    tables: HashMap<String, [bool; 4]>,
    functions: HashSet<String>,
    comments: HashMap<String, String>,
}

#[derive(Deserialize)]
struct TableRow {
    name: String,
    reads: bool,
    inserts: bool,
    updates: bool,
    deletes: bool,
    comment: Option<String>,
}

#[derive(Deserialize)]
struct CommentRow {
    place: String,
    comment: String,
}

/// Describes the tables and functions of a schema that `role` has a right to.
///
/// # Errors
/// The database's.
pub(super) async fn describe(
    db: &Db,
    catalogue: &Catalogue,
    schema: &str,
    role: Role,
) -> Result<RecordAnswer> {
    let rights = match db.dialect() {
        Dialect::Postgres => Some(rights(db, schema, role).await?),
        // On SQLite every role may ask every table; policies decide about rows.
        Dialect::Sqlite => None,
    };
    let document = document(catalogue, schema, rights.as_ref(), db.dialect());
    Ok(RecordAnswer {
        status: 200,
        headers: vec![(
            "Content-Type",
            "application/openapi+json; charset=utf-8".to_owned(),
        )],
        further: Vec::new(),
        body: RecordBody::Whole(Bytes::from(document.to_string())),
    })
}

async fn rights(db: &Db, schema: &str, role: Role) -> Result<Rights> {
    let who = || vec![Value::from(role.name()), Value::from(schema)];
    let tables: Vec<TableRow> = all_as_administrator(db, "SELECT c.relname::text AS name, has_any_column_privilege($1, c.oid, 'SELECT') AS reads, \
              has_any_column_privilege($1, c.oid, 'INSERT') AS inserts, \
              has_any_column_privilege($1, c.oid, 'UPDATE') AS updates, \
              has_table_privilege($1, c.oid, 'DELETE') AS deletes, obj_description(c.oid, 'pg_class') AS comment \
             FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
             WHERE n.nspname = $2 AND c.relkind IN ('r', 'p', 'v', 'm', 'f')",
            who(),
        )
        .await?;
    let functions: Vec<(String,)> = all_as_administrator(
        db,
        "SELECT DISTINCT p.proname::text FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace \
             WHERE n.nspname = $2 AND has_function_privilege($1, p.oid, 'EXECUTE')",
        who(),
    )
    .await?;
    let comments: Vec<CommentRow> = all_as_administrator(
        db,
        "SELECT c.relname || '.' || a.attname AS place, d.description AS comment FROM pg_description d \
              JOIN pg_class c ON c.oid = d.objoid JOIN pg_namespace n ON n.oid = c.relnamespace \
              JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.objsubid \
             WHERE d.classoid = 'pg_class'::regclass AND d.objsubid > 0 AND n.nspname = $1",
        vec![Value::from(schema)],
    )
    .await?;
    let mut rights = Rights::default();
    for row in comments {
        rights.comments.insert(row.place, row.comment);
    }
    for row in tables {
        if let Some(comment) = row.comment {
            rights.comments.insert(row.name.clone(), comment);
        }
        let may = [row.reads, row.inserts, row.updates, row.deletes];
        rights.tables.insert(row.name, may);
    }
    rights.functions = functions.into_iter().map(|(name,)| name).collect();
    Ok(rights)
}

fn document(catalogue: &Catalogue, schema: &str, rights: Option<&Rights>, dialect: Dialect) -> Json {
    let mut paths: BTreeMap<String, Json> = BTreeMap::new();
    let mut definitions = Map::new();
    let mut parameters = shared_parameters();
    paths.insert(
        "/".to_owned(),
        json!({"get": {"tags": ["Introspection"], "summary": "OpenAPI description (this document)",
                       "produces": ["application/openapi+json", "application/json"],
                       "responses": {"200": {"description": "OK"}}}}),
    );
    for table in catalogue.tables(schema) {
        let may = match rights {
            Some(rights) => rights.tables.get(&table.name).copied().unwrap_or_default(),
            None => [true; 4],
        };
        if may == [false; 4] {
            continue;
        }
        let comment = |place: &str| rights.and_then(|rights| rights.comments.get(place)).cloned();
        definitions.insert(table.name.clone(), definition(table, &comment, dialect));
        for column in &table.columns {
            parameters.insert(
                format!("rowFilter.{}.{}", table.name, column.name),
                described(
                    json!({"name": column.name, "required": false, "in": "query", "type": "string"}),
                    comment(&format!("{}.{}", table.name, column.name)),
                ),
            );
        }
        parameters.insert(
            format!("body.{}", table.name),
            described(
                json!({"name": table.name, "required": false, "in": "body",
                       "schema": {"$ref": format!("#/definitions/{}", table.name)}}),
                comment(&table.name),
            ),
        );
        paths.insert(
            format!("/{}", table.name),
            methods(table, may, comment(&table.name)),
        );
    }
    for routine in catalogue.every_routine(schema) {
        if rights.is_none_or(|rights| rights.functions.contains(&routine.name)) {
            paths.insert(format!("/rpc/{}", routine.name), calls(routine));
        }
    }
    json!({
        "swagger": "2.0",
        "info": {
            "title": format!("{schema} schema"),
            "description": "Tables and functions, by PostgREST's grammar",
            "version": "12.2",
        },
        "basePath": "/",
        "consumes": FORMS,
        "produces": FORMS,
        "paths": paths,
        "definitions": definitions,
        "parameters": parameters,
        "externalDocs": {
            "description": "PostgREST Documentation",
            "url": "https://postgrest.org/en/v12/references/api.html",
        },
    })
}

fn described(mut parameter: Json, comment: Option<String>) -> Json {
    if let Some(comment) = comment {
        parameter["description"] = comment.into();
    }
    parameter
}

fn shared_parameters() -> Map<String, Json> {
    let header = |name: &str, values: &[&str]| {
        let mut parameter = json!({"name": name, "description": "Preference", "required": false, "in": "header", "type": "string"});
        if !values.is_empty() {
            parameter["enum"] = values.into();
        }
        parameter
    };
    let query = |name: &str, what: &str| json!({"name": name, "description": what, "required": false, "in": "query", "type": "string"});
    let mut parameters = Map::new();
    for (key, parameter) in [
        (
            "preferReturn",
            header(
                "Prefer",
                &["return=representation", "return=minimal", "return=none"],
            ),
        ),
        ("preferCount", header("Prefer", &["count=none"])),
        (
            "preferPost",
            header(
                "Prefer",
                &[
                    "return=representation",
                    "return=minimal",
                    "return=none",
                    "resolution=ignore-duplicates",
                    "resolution=merge-duplicates",
                ],
            ),
        ),
        ("select", query("select", "Filtering Columns")),
        ("on_conflict", query("on_conflict", "On Conflict")),
        ("order", query("order", "Ordering")),
        ("offset", query("offset", "Limiting and Pagination")),
        ("limit", query("limit", "Limiting and Pagination")),
        (
            "range",
            json!({"name": "Range", "description": "Limiting and Pagination", "required": false, "in": "header", "type": "string"}),
        ),
        (
            "rangeUnit",
            json!({"name": "Range-Unit", "description": "Limiting and Pagination", "required": false, "default": "items",
                   "in": "header", "type": "string"}),
        ),
    ] {
        parameters.insert(key.to_owned(), parameter);
    }
    parameters
}

fn reference(name: impl std::fmt::Display) -> Json {
    json!({"$ref": format!("#/parameters/{name}")})
}

fn methods(table: &Table, [reads, inserts, updates, deletes]: [bool; 4], comment: Option<String>) -> Json {
    let filters: Vec<Json> = table
        .columns
        .iter()
        .map(|column| reference(format_args!("rowFilter.{}.{}", table.name, column.name)))
        .collect();
    let body = reference(format_args!("body.{}", table.name));
    let with = |names: &[&str], filtered: bool, bodied: bool| {
        let mut all = if filtered { filters.clone() } else { Vec::new() };
        all.extend(bodied.then(|| body.clone()));
        all.extend(names.iter().map(reference));
        all
    };
    let (summary, description) = match &comment {
        Some(text) => match text.split_once('\n') {
            Some((first, rest)) => (Some(first.to_owned()), Some(rest.trim_start().to_owned())),
            None => (Some(text.clone()), None),
        },
        None => (None, None),
    };
    let operation = |parameters: Vec<Json>, responses: Json| {
        let mut operation = json!({"tags": [table.name], "parameters": parameters, "responses": responses});
        if let Some(summary) = &summary {
            operation["summary"] = summary.as_str().into();
        }
        if let Some(description) = &description {
            operation["description"] = description.as_str().into();
        }
        operation
    };
    let mut methods = Map::new();
    if reads {
        let rows = json!({"type": "array", "items": {"$ref": format!("#/definitions/{}", table.name)}});
        methods.insert(
            "get".to_owned(),
            operation(
                with(
                    &["select", "order", "range", "rangeUnit", "offset", "limit", "preferCount"],
                    true,
                    false,
                ),
                json!({"200": {"description": "OK", "schema": rows}, "206": {"description": "Partial Content"}}),
            ),
        );
    }
    if inserts {
        methods.insert(
            "post".to_owned(),
            operation(
                with(&["select", "preferPost"], false, true),
                json!({"201": {"description": "Created"}}),
            ),
        );
    }
    if updates {
        methods.insert(
            "patch".to_owned(),
            operation(
                with(&["preferReturn"], true, true),
                json!({"204": {"description": "No Content"}}),
            ),
        );
    }
    if deletes {
        methods.insert(
            "delete".to_owned(),
            operation(
                with(&["preferReturn"], true, false),
                json!({"204": {"description": "No Content"}}),
            ),
        );
    }
    Json::Object(methods)
}

fn definition(table: &Table, comment: &impl Fn(&str) -> Option<String>, dialect: Dialect) -> Json {
    let required: Vec<&str> = table
        .columns
        .iter()
        .filter(|column| !column.nullable)
        .map(|column| column.name.as_str())
        .collect();
    let mut properties = Map::new();
    for (place, column) in table.columns.iter().enumerate() {
        let mut notes: Vec<String> = comment(&format!("{}.{}", table.name, column.name))
            .into_iter()
            .collect();
        if table.primary_key.contains(&place) {
            notes.push("Note:\nThis is a Primary Key.<pk/>".to_owned());
        }
        let key = table
            .foreign_keys
            .iter()
            .find(|key| key.columns.len() == 1 && key.columns[0] == column.name);
        if let Some(key) = key {
            let (to, at) = (&key.table, &key.referenced[0]);
            notes.push(format!(
                "Note:\nThis is a Foreign Key to `{to}.{at}`.<fk table='{to}' column='{at}'/>"
            ));
        }
        let mut property = property(&column.declared, column.kind);
        if !notes.is_empty() {
            property["description"] = notes.join("\n\n").into();
        }
        if let Some(default) = default_of(column, dialect) {
            property["default"] = default;
        }
        properties.insert(column.name.clone(), property);
    }
    let mut definition = json!({"type": "object", "properties": properties});
    if !required.is_empty() {
        definition["required"] = required.into();
    }
    described(definition, comment(&table.name))
}

/// A default as a value where it is a plain one, else as its SQL in PostgreSQL's words.
fn default_of(column: &Column, dialect: Dialect) -> Option<Json> {
    let sql = column.default.as_deref()?;
    let written = match dialect {
        Dialect::Sqlite => shown_default(dialect, column.kind, sql),
        Dialect::Postgres => sql.to_owned(),
    };
    let sql = written.as_str();
    let plain = sql.split("::").next().unwrap_or(sql).trim_matches('\'');
    Some(match column.kind {
        kind if kind.is_whole_number() => plain.parse::<i64>().map_or_else(|_| sql.into(), Json::from),
        ColumnType::Boolean => plain.parse::<bool>().map_or_else(|_| sql.into(), Json::from),
        _ if sql.starts_with('\'') => plain.into(),
        _ => sql.into(),
    })
}

fn property(declared: &str, kind: ColumnType) -> Json {
    if let Some(element) = declared.strip_suffix("[]") {
        let items = match ColumnType::of(element) {
            kind if kind.is_whole_number() => json!({"type": "integer"}),
            kind if kind.is_number() => json!({"type": "number"}),
            _ => json!({"type": "string"}),
        };
        return json!({"format": declared, "type": "array", "items": items});
    }
    let format = if kind == ColumnType::Other {
        declared
    } else {
        kind.name()
    };
    let mut property = json!({"format": format});
    let name = match kind {
        ColumnType::Json | ColumnType::Jsonb => return property,
        kind if kind.is_whole_number() => "integer",
        kind if kind.is_number() => "number",
        ColumnType::Boolean => "boolean",
        _ => "string",
    };
    property["type"] = name.into();
    property
}

fn calls(routine: &Routine) -> Json {
    let tag = format!("(rpc) {}", routine.name);
    let required: Vec<&str> = routine
        .parameters
        .iter()
        .filter(|parameter| parameter.required)
        .map(|parameter| parameter.name.as_str())
        .collect();
    let mut properties = Map::new();
    let mut query = Vec::new();
    for parameter in &routine.parameters {
        let described = property(&parameter.declared, ColumnType::of(&parameter.declared));
        query.push(json!({
            "name": parameter.name, "required": parameter.required, "in": "query",
            "format": parameter.declared, "type": "string",
        }));
        properties.insert(parameter.name.clone(), described);
    }
    let mut schema = json!({"type": "object", "properties": properties});
    if !required.is_empty() {
        schema["required"] = required.into();
    }
    let operation = |parameters: Json| {
        let mut operation = json!({
            "tags": [tag], "parameters": parameters, "produces": FORMS,
            "responses": {"200": {"description": "OK"}},
        });
        if let Some(comment) = &routine.comment {
            operation["summary"] = comment.as_str().into();
        }
        operation
    };
    let body = json!([{"name": "args", "required": true, "in": "body", "schema": schema}]);
    let mut methods = Map::new();
    if !routine.volatile {
        methods.insert("get".to_owned(), operation(query.into()));
    }
    methods.insert("post".to_owned(), operation(body));
    Json::Object(methods)
}
