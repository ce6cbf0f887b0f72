//! The operator's tools over HTTP.

use busbar_testkit::on_each_database;
use serde_json::{Value, json};

use crate::bed::{Answer, Bed};

async fn sql(bed: &Bed, query: &str) -> Answer {
    bed.administering("POST", "/api/database/advance/rawsql", json!({ "query": query }))
        .await
}

on_each_database! {
    async fn a_field_that_would_have_narrowed_access_is_not_ignored(app: TestApp) {
        let bed = Bed::over(app);
        let column = json!({"columnName": "title", "type": "string", "isPrimaryKey": false, "more": 1});
        let table = json!({"tableName": "posts", "columns": [column], "more": 1});
        let made = bed.administering("POST", "/api/database/tables", table).await;
        assert_eq!(made.status, 201, "what clients send besides is passed over where nothing opens: {}", made.text);
        let policy = json!({"tableName": "posts", "policyName": "own", "command": "SELECT", "role": ["authenticated"], "using": "true"});
        for (method, path, body, field) in [
            ("POST", "/api/database/policies", policy, "role"),
            ("POST", "/api/storage/buckets", json!({"bucketName": "b", "public": false}), "public"),
            ("POST", "/api/storage/s3/access-keys", json!({"readOnly": true}), "readOnly"),
            ("PATCH", "/api/database/config", json!({"backup": {"enable": true}}), "backup.enable"),
        ] {
            let refused = bed.administering(method, path, body).await;
            assert_eq!(refused.status, 400, "{path}: {}", refused.text);
            assert!(refused.text.contains(&format!("{field}: Unknown field")), "{path}: {}", refused.text);
        }
        let back = json!({"backup": {"enabled": false, "nextBackupAt": null}});
        assert_eq!(bed.administering("PATCH", "/api/database/config", back).await.status, 200);
    }

    async fn raw_sql_answers_in_insforges_shape(app: TestApp) {
        let bed = Bed::over(app);
        let made = sql(&bed, "CREATE TABLE posts (id integer PRIMARY KEY, title text, owner uuid REFERENCES auth.users (id))").await;
        assert_eq!(made.text, "{\"rows\":[],\"rowCount\":null,\"fields\":[]}");
        assert_eq!(sql(&bed, "SELECT 1; SELECT 2").await.text, "{\"rows\":[]}");
        let body = json!({"query": "INSERT INTO posts (id, title) VALUES ($1, $2) RETURNING title", "params": [1, "a"]});
        let told = bed.administering("POST", "/api/database/advance/rawsql", body).await;
        assert_eq!(
            told.body,
            json!({"rows": [{"title": "a"}], "rowCount": 1, "fields": [{"name": "title", "dataTypeID": 25}]})
        );
        for (query, error) in [
            ("SET ROLE postgres", (403, "FORBIDDEN")),
            ("SELEC 1", (400, "DATABASE_VALIDATION_ERROR")),
            ("SELECT password FROM auth.users", (403, "FORBIDDEN")),
            ("SELECT value_ciphertext FROM system.secrets", (403, "FORBIDDEN")),
            ("SELECT * FROM auth.sessions", (403, "FORBIDDEN")),
            ("SELECT * FROM nowhere", (400, "DATABASE_VALIDATION_ERROR")),
            ("INSERT INTO posts (id) VALUES (1)", (409, "DATABASE_DUPLICATE")),
            ("", (400, "INVALID_INPUT")),
        ] {
            assert_eq!(sql(&bed, query).await.error(), error, "{query}");
        }
        assert_eq!(sql(&bed, "SELECT id, email FROM auth.users").await.status, 200);
        let path = "/api/database/advance/rawsql/unrestricted";
        let off = bed.administering("POST", path, json!({"query": "SELECT 1"})).await;
        assert_eq!(off.error(), (403, "FORBIDDEN"));
        let person = bed.person("ada@example.com").await;
        let token = person.text_at("accessToken");
        for path in [path, "/api/database/advance/rawsql"] {
            let refused = bed.bearing("POST", path, &token, json!({"query": "SELECT 1"})).await;
            assert_eq!(refused.status, 403);
        }
    }
}

on_each_database! {
    async fn policies_of_raw_sql_decide_about_records(app: TestApp) {
        let bed = Bed::over(app);
        let person = bed.person("ada@example.com").await;
        let (token, id) = (person.text_at("accessToken"), person.body["user"]["id"].as_str().unwrap().to_owned());
        sql(&bed, "CREATE TABLE notes (id integer PRIMARY KEY, owner uuid REFERENCES auth.users (id), text text)").await;
        let closed = bed.bearing("GET", "/api/database/records/notes", &token, Value::Null).await;
        sql(&bed, &format!("INSERT INTO notes VALUES (1, '{id}', 'mine'), (2, NULL, 'nobodys')")).await;
        let still = bed.bearing("GET", "/api/database/records/notes", &token, Value::Null).await;
        assert_eq!((closed.text.as_str(), still.text.as_str()), ("[]", "[]"));
        let made = sql(&bed, "CREATE POLICY own ON notes FOR SELECT TO authenticated USING (owner = auth.uid())").await;
        assert_eq!(made.status, 200, "{}", made.text);
        let mine = bed.bearing("GET", "/api/database/records/notes?select=id", &token, Value::Null).await;
        assert_eq!(mine.text, "[{\"id\":1}]");
        let anonymous = bed.bearing("GET", "/api/database/records/notes", &bed.anon, Value::Null).await;
        assert_eq!(anonymous.text, "[]");
    }
}

on_each_database! {
    async fn migrations_run_once_and_in_order(app: TestApp) {
        let bed = Bed::over(app);
        let path = "/api/database/migrations";
        let body = json!({"version": "20261121", "name": "make-a", "sql": "CREATE TABLE a (id integer PRIMARY KEY)"});
        let made = bed.administering("POST", path, body.clone()).await;
        assert_eq!((made.status.as_u16(), &made.body["statements"]), (201, &json!(["CREATE TABLE a (id integer PRIMARY KEY)"])));
        assert!(made.body["message"].is_string() && made.body["createdAt"].is_string());
        assert_eq!(bed.administering("POST", path, body).await.error(), (409, "DATABASE_MIGRATION_ALREADY_EXISTS"));
        let listed = bed.administering("GET", path, Value::Null).await;
        assert_eq!(listed.body["migrations"][0]["version"], "20261121");
        let tried = bed.administering("POST", "/api/database/migrations/dry-run", json!({"sql": "DROP TABLE a"})).await;
        assert_eq!(
            (&tried.body["valid"], &tried.body["statementCount"], &tried.body["riskLevel"]),
            (&json!(true), &json!(1), &json!("DANGER"))
        );
        let wrong = json!({"version": "x", "name": "a", "sql": "SELECT 1"});
        assert_eq!(bed.administering("POST", path, wrong).await.error(), (400, "INVALID_INPUT"));
    }
}

on_each_database! {
    async fn the_grid_reads_and_writes_rows(app: TestApp) {
        let bed = Bed::over(app);
        sql(&bed, "CREATE TABLE people (id integer PRIMARY KEY, name text)").await;
        let path = "/api/database/admin/tables/people/records";
        let empty = bed.administering("GET", path, Value::Null).await;
        assert_eq!((empty.status.as_u16(), empty.headers["content-range"].to_str().unwrap()), (200, "0--1/0"));
        let rows = json!([{"id": 1, "name": "Ada"}, {"id": 2, "name": "Bob"}]);
        let made = bed.administering("POST", path, rows.clone()).await;
        assert_eq!((made.status.as_u16(), &made.body), (201, &rows));
        let page = bed.administering("GET", &format!("{path}?limit=1&sort=id:desc"), Value::Null).await;
        assert_eq!((page.status.as_u16(), page.headers["content-range"].to_str().unwrap()), (206, "0-0/2"));
        assert_eq!(page.body, json!([{"id": 2, "name": "Bob"}]));
        let found = bed.administering("GET", &format!("{path}/lookup?column=id&value=1"), Value::Null).await;
        assert_eq!(found.body["name"], "Ada");
        let none = bed.administering("GET", &format!("{path}/lookup?column=id&value=9"), Value::Null).await;
        assert_eq!((none.status.as_u16(), none.text.as_str()), (200, "null"));
        let change = json!({"pkKeys": {"id": 1}, "data": {"name": "Eve"}});
        assert_eq!(bed.administering("PATCH", path, change).await.body["name"], "Eve");
        let keys = json!({"pkKeys": [{"id": 1}, {"id": 7}]});
        assert_eq!(bed.administering("DELETE", path, keys).await.body, json!({"deletedCount": 1}));
        let half = bed.administering("GET", &format!("{path}?filterColumn=id"), Value::Null).await;
        assert_eq!(half.error(), (400, "INVALID_INPUT"));
    }
}

on_each_database! {
    async fn the_advisor_and_the_metadata_tell_what_there_is(app: TestApp) {
        let bed = Bed::over(app);
        sql(&bed, "CREATE TABLE t (id integer PRIMARY KEY); CREATE TABLE u (id integer PRIMARY KEY, t integer REFERENCES t (id))").await;
        assert_eq!(bed.administering("GET", "/api/advisor/latest", Value::Null).await.text, "null");
        let scan = bed.administering("POST", "/api/advisor/scan", Value::Null).await;
        assert_eq!(scan.status, 201, "{}", scan.text);
        let latest = bed.administering("GET", "/api/advisor/latest", Value::Null).await;
        assert_eq!((&latest.body["scanId"], &latest.body["status"]), (&scan.body["scanId"], &json!("completed")));
        let issues = bed.administering("GET", "/api/advisor/issues?category=performance", Value::Null).await;
        assert_eq!(issues.body["issues"][0]["ruleId"], "fk-missing-index");
        assert_eq!(issues.body["issues"][0]["affectedObject"], "public.u.t");
        let silence = json!({"ruleId": "fk-missing-index", "reason": "wont_fix"});
        let made = bed.administering("POST", "/api/advisor/suppressions", silence).await;
        assert_eq!((made.status.as_u16(), &made.body["scope"]), (201, &json!("rule")));
        let path = format!("/api/advisor/suppressions/{}", made.text_at("id"));
        assert_eq!(bed.administering("DELETE", &path, Value::Null).await.status, 200);
        assert_eq!(bed.administering("DELETE", &path, Value::Null).await.error(), (404, "NOT_FOUND"));
        let all = bed.administering("GET", "/api/metadata", Value::Null).await;
        assert_eq!(all.body["database"]["tables"], json!([{"tableName": "t", "recordCount": 0}, {"tableName": "u", "recordCount": 0}]));
        assert!(all.body["database"]["totalSizeInGB"].as_f64().unwrap() > 0.0);
        assert!(all.body["auth"].is_object() && all.body["storage"]["buckets"].is_array() && all.body["version"].is_string());
        let text = bed.administering("GET", "/api/metadata?format=markdown", Value::Null).await;
        assert!(text.text.contains("- `t`: 0 records"), "{}", text.text);
        let one = bed.administering("GET", "/api/metadata/u", Value::Null).await;
        assert_eq!((&one.body["u"]["rlsEnabled"], &one.body["u"]["foreignKeys"][0]["referenceTable"]), (&json!(true), &json!("t")));
        assert_eq!(bed.administering("GET", "/api/metadata/nothing", Value::Null).await.error(), (404, "DATABASE_NOT_FOUND"));
        assert_eq!(bed.administering("GET", "/api/metadata/api-key", Value::Null).await.text_at("apiKey"), bed.api);
        assert_eq!(bed.administering("GET", "/api/metadata/anon-key", Value::Null).await.text_at("anonKey"), bed.anon);
        assert_eq!(bed.administering("GET", "/api/metadata/project-id", Value::Null).await.text, "{\"projectId\":null}");
        let functions = bed.administering("GET", "/api/database/functions", Value::Null).await;
        assert!(functions.body["functions"].is_array());
        let triggers = bed.administering("GET", "/api/database/triggers", Value::Null).await;
        assert_eq!(triggers.body, json!({"triggers": []}));
    }
}
