//! Every error code of InsForge's that tables, files and administration have (InsForge's contract, 1.4).
//!
//! Not met here: `DATABASE_INTERNAL_ERROR` is PostgreSQL's client programs missing, which the table of codes itself is
//! tested for. `DATABASE_INVALID_PARAMETER`, `DATABASE_PERMISSION_DENIED`, `STORAGE_INVALID_FILE_TYPE`, `ALREADY_EXISTS`,
//! `UNKNOWN_ERROR` and `RATE_LIMITED` have no case of their own on these routes; `S3_PROTOCOL_UNAVAILABLE` never applies,
//! because the gateway needs no S3 behind it.

use std::collections::BTreeSet;
use std::time::Duration;

use busbar_testkit::{Database, cases};
use http::Method;
use serde_json::{Value, json};

use crate::bed::Bed;

/// The codes that a database made of anything can be brought to answer.
const EVERYWHERE: [&str; 18] = [
    "DATABASE_CONSTRAINT_VIOLATION",
    "DATABASE_DUPLICATE",
    "DATABASE_FORBIDDEN",
    "DATABASE_MIGRATION_ALREADY_EXISTS",
    "DATABASE_NOT_FOUND",
    "DATABASE_VALIDATION_ERROR",
    "FORBIDDEN",
    "INVALID_INPUT",
    "MISSING_FIELD",
    "NOT_FOUND",
    "NOT_IMPLEMENTED",
    "S3_ACCESS_KEY_LIMIT_EXCEEDED",
    "S3_ACCESS_KEY_NOT_FOUND",
    "STORAGE_ALREADY_EXISTS",
    "STORAGE_INSUFFICIENT_QUOTA",
    "STORAGE_INVALID_PARAMETER",
    "STORAGE_NOT_FOUND",
    "TOO_MANY_REQUESTS",
];

struct Met {
    bed: Bed,
    codes: BTreeSet<String>,
}

impl Met {
    async fn done(&self, method: &str, path: &str, body: Value) -> Value {
        let answer = self.bed.administering(method, path, body).await;
        assert!(answer.status.is_success(), "{method} {path}: {}", answer.text);
        answer.body
    }

    async fn refused(&mut self, method: &str, path: &str, body: Value, expected: (u16, &str)) {
        let answer = self.bed.administering(method, path, body).await;
        assert_eq!(answer.error(), expected, "{method} {path}: {}", answer.text);
        assert_eq!(answer.body["statusCode"], expected.0);
        assert!(
            answer.body["message"]
                .as_str()
                .is_some_and(|said| !said.is_empty())
        );
        self.codes.insert(expected.1.to_owned());
    }
}

async fn tables(met: &mut Met) {
    let column = json!([{"columnName": "n", "type": "integer", "isNullable": false, "isUnique": true}]);
    let table = json!({"tableName": "t", "columns": column});
    let path = "/api/database/tables";
    let _made = met.done("POST", path, table.clone()).await;
    let child = json!({"tableName": "child", "columns": [{"columnName": "t", "type": "uuid", "isNullable": true}],
        "foreignKeys": [{"referenceTable": "t", "referenceColumns": [{"sourceColumn": "t", "referenceColumn": "id"}]}]});
    let _made = met.done("POST", path, child).await;
    met.refused("POST", path, table.clone(), (400, "DATABASE_DUPLICATE"))
        .await;
    let without = json!({"tableName": "u", "columns": []});
    met.refused("POST", path, without, (400, "INVALID_INPUT")).await;
    let reserved = json!({"tableName": "u", "columns": [{"columnName": "id", "type": "integer"}, {"columnName": "a", "type": "string"}]});
    met.refused("POST", path, reserved, (400, "DATABASE_VALIDATION_ERROR"))
        .await;
    for (method, path) in [
        ("POST", "/api/database/tables?schema=auth"),
        ("PATCH", "/api/database/tables/users/schema?schema=auth"),
        ("DELETE", "/api/database/tables/users?schema=auth"),
        ("POST", "/api/database/admin/tables/users/records?schema=auth"),
        (
            "PATCH",
            "/api/database/admin/tables/objects/records?schema=storage",
        ),
        (
            "DELETE",
            "/api/database/admin/tables/secrets/records?schema=system",
        ),
    ] {
        let body = match (method, path.contains("/records")) {
            ("POST", true) => json!([{"email": "x"}]),
            ("PATCH", true) => json!({"pkKeys": {"key": "x"}, "data": {"size": 1}}),
            ("DELETE", true) => json!({"pkKeys": [{"id": "x"}]}),
            ("POST", _) => table.clone(),
            ("PATCH", _) => json!({}),
            _ => Value::Null,
        };
        met.refused(method, path, body, (403, "DATABASE_FORBIDDEN")).await;
    }
    met.refused(
        "GET",
        "/api/database/tables?schema=auth",
        Value::Null,
        (400, "INVALID_INPUT"),
    )
    .await;
    met.refused(
        "GET",
        "/api/database/tables/nowhere/schema",
        Value::Null,
        (404, "DATABASE_NOT_FOUND"),
    )
    .await;
    let _gone = met
        .done("DELETE", "/api/database/tables/nowhere", Value::Null)
        .await;
    met.refused("PUT", path, json!({}), (405, "NOT_IMPLEMENTED"))
        .await;
    met.refused("GET", "/api/database/nope", Value::Null, (404, "NOT_FOUND"))
        .await;
}

async fn rows(met: &mut Met) {
    let path = "/api/database/admin/tables/t/records";
    let _made = met.done("POST", path, json!([{"n": 1}])).await;
    met.refused("POST", path, json!([{"n": 1}]), (409, "DATABASE_DUPLICATE"))
        .await;
    met.refused("POST", path, json!([{"n": null}]), (400, "MISSING_FIELD"))
        .await;
    met.refused(
        "POST",
        path,
        json!([{"n": "one"}]),
        (400, "DATABASE_VALIDATION_ERROR"),
    )
    .await;
    met.refused(
        "POST",
        path,
        json!([{"m": 1}]),
        (400, "DATABASE_VALIDATION_ERROR"),
    )
    .await;
    let alone = json!([{"t": "00000000-0000-4000-8000-000000000009"}]);
    met.refused(
        "POST",
        "/api/database/admin/tables/child/records",
        alone,
        (400, "DATABASE_CONSTRAINT_VIOLATION"),
    )
    .await;
    met.refused(
        "GET",
        "/api/database/admin/tables/nowhere/records",
        Value::Null,
        (404, "DATABASE_NOT_FOUND"),
    )
    .await;
}

async fn sql(met: &mut Met) {
    let path = "/api/database/advance/rawsql";
    for (query, expected) in [
        ("SELECT * FROM nowhere", (400, "DATABASE_VALIDATION_ERROR")),
        ("SELECT missing FROM t", (400, "DATABASE_VALIDATION_ERROR")),
        (
            "ALTER TABLE t ADD COLUMN n integer",
            (400, "DATABASE_VALIDATION_ERROR"),
        ),
        ("SET ROLE postgres", (403, "FORBIDDEN")),
        ("SELECT * FROM auth.sessions", (403, "FORBIDDEN")),
    ] {
        met.refused("POST", path, json!({ "query": query }), expected)
            .await;
    }
    let path = "/api/database/migrations";
    let first = json!({"version": "1", "name": "a", "sql": "CREATE TABLE a (id integer PRIMARY KEY)"});
    let _applied = met.done("POST", path, first.clone()).await;
    met.refused("POST", path, first, (409, "DATABASE_MIGRATION_ALREADY_EXISTS"))
        .await;
    let own =
        json!({"version": "2", "name": "b", "sql": "BEGIN; CREATE TABLE b (id integer PRIMARY KEY); COMMIT"});
    met.refused("POST", path, own, (400, "DATABASE_FORBIDDEN")).await;
    for _ in 0..30 {
        let _tried = met
            .done(
                "POST",
                "/api/database/migrations/dry-run",
                json!({"sql": "SELECT 1"}),
            )
            .await;
    }
    let more = json!({"sql": "SELECT 1"});
    met.refused(
        "POST",
        "/api/database/migrations/dry-run",
        more,
        (429, "TOO_MANY_REQUESTS"),
    )
    .await;
}

async fn files(met: &mut Met) {
    let path = "/api/storage/buckets";
    let _made = met.done("POST", path, json!({"bucketName": "b"})).await;
    met.refused(
        "POST",
        path,
        json!({"bucketName": "b"}),
        (409, "STORAGE_ALREADY_EXISTS"),
    )
    .await;
    met.refused(
        "POST",
        path,
        json!({"bucketName": "a b"}),
        (400, "STORAGE_INVALID_PARAMETER"),
    )
    .await;
    met.refused(
        "DELETE",
        "/api/storage/buckets/nowhere",
        Value::Null,
        (404, "STORAGE_NOT_FOUND"),
    )
    .await;
    let form = format!(
        "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n{}\r\n--x--\r\n",
        "a".repeat(200)
    );
    let kind = [("content-type", "multipart/form-data; boundary=x")];
    let service = met.bed.app.service();
    let full = service
        .send(Method::PUT, "/api/storage/buckets/b/objects/a", &kind, form)
        .await;
    let answer = full.json();
    assert_eq!(
        (full.status.as_u16(), answer["error"].as_str().unwrap()),
        (413, "STORAGE_INSUFFICIENT_QUOTA")
    );
    met.codes.insert("STORAGE_INSUFFICIENT_QUOTA".to_owned());
    let path = "/api/storage/s3/access-keys";
    let none = format!("{path}/01890000-0000-7000-8000-000000000000");
    met.refused("DELETE", &none, Value::Null, (404, "S3_ACCESS_KEY_NOT_FOUND"))
        .await;
    for at in 0..50 {
        if at % 10 == 0 {
            // Their limit is twenty in fifteen minutes.
            met.bed.app.clock().advance(Duration::from_secs(16 * 60));
        }
        let _made = met.done("POST", path, json!({})).await;
    }
    met.bed.app.clock().advance(Duration::from_secs(16 * 60));
    met.refused("POST", path, json!({}), (400, "S3_ACCESS_KEY_LIMIT_EXCEEDED"))
        .await;
}

/// What only functions of PostgreSQL can bring about.
async fn raised(met: &mut Met) {
    let path = "/api/database/advance/rawsql";
    for (state, expected) in [
        ("XX000", (500, "INTERNAL_ERROR")),
        ("53400", (503, "UPSTREAM_FAILURE")),
    ] {
        let query = format!("DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '{state}'; END $$");
        met.refused("POST", path, json!({ "query": query }), expected)
            .await;
    }
}

fn run(test: &str, database: Database) {
    let starting = |starting: busbar_testkit::Starting| starting.set("BUCKET_QUOTA", "100");
    cases::run(test, database, starting, async |app| {
        let mut met = Met {
            bed: Bed::over(app),
            codes: BTreeSet::new(),
        };
        tables(&mut met).await;
        rows(&mut met).await;
        sql(&mut met).await;
        files(&mut met).await;
        let mut expected: BTreeSet<String> = EVERYWHERE.iter().map(|code| (*code).to_owned()).collect();
        if matches!(database, Database::Postgres) {
            raised(&mut met).await;
            expected.extend(["INTERNAL_ERROR".to_owned(), "UPSTREAM_FAILURE".to_owned()]);
        }
        assert_eq!(met.codes, expected);
    });
}

#[test]
fn every_code_is_answered_on_sqlite() {
    run("every_code_is_answered_on_sqlite", Database::Sqlite);
}

#[test]
fn every_code_is_answered_on_postgres() {
    run("every_code_is_answered_on_postgres", Database::Postgres);
}
