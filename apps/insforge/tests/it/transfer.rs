//! Export, import and backups over HTTP.

use std::time::Duration;

use axum::body::Body;
use busbar_testkit::on_each_database;
use http::Request;
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::bed::{Answer, Bed};

async fn sql(bed: &Bed, query: &str) -> Value {
    let path = "/api/database/advance/rawsql";
    let answer = bed.administering("POST", path, json!({ "query": query })).await;
    assert_eq!(answer.status, 200, "{query}: {}", answer.text);
    answer.body["rows"].clone()
}

/// A form with a file and fields, as a browser sends it: the file first.
async fn upload(bed: &Bed, path: &str, name: &str, file: &str, fields: &[(&str, &str)]) -> Answer {
    let mut form = format!(
        "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n{file}\r\n"
    );
    for (field, value) in fields {
        form.push_str(&format!(
            "--x\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n"
        ));
    }
    form.push_str("--x--\r\n");
    let request = Request::builder()
        .method("POST")
        .uri(path)
        .header("x-api-key", &bed.api)
        .header("content-type", "multipart/form-data; boundary=x")
        .body(Body::from(form));
    let answered = bed.app.front().oneshot(request.unwrap()).await.unwrap();
    Answer::read(answered).await
}

on_each_database! {
    async fn what_is_exported_is_imported(app: TestApp) {
        let bed = Bed::over(app);
        sql(&bed, "CREATE TABLE posts (id integer PRIMARY KEY, title text); INSERT INTO posts VALUES (1, 'it''s \"a\"'), (2, NULL)").await;
        let path = "/api/database/advance/export";
        let exported = bed.administering("POST", path, json!({})).await;
        assert_eq!((exported.status.as_u16(), &exported.body["format"]), (200, &json!("sql")), "{}", exported.text);
        assert_eq!(exported.body["truncatedTables"], Value::Null);
        let text = exported.text_at("data");
        let told = bed.administering("POST", path, json!({"format": "json", "rowLimit": 1})).await;
        let posts = &told.body["data"]["tables"]["posts"];
        assert_eq!(posts["rows"], json!([{"id": 1, "title": "it's \"a\""}]), "{}", told.text);
        assert_eq!((&posts["rlsEnabled"], &posts["recordCount"]), (&json!(true), &json!(2)));
        assert_eq!((&told.body["truncatedTables"], &told.body["rowLimit"]), (&json!(["posts"]), &json!(1)));
        sql(&bed, "CREATE VIEW titles AS SELECT title FROM posts").await;
        let all = json!({"format": "json", "includeViews": true, "includeSequences": true, "includeFunctions": true});
        let with = bed.administering("POST", path, all).await;
        assert_eq!(with.body["data"]["views"][0]["viewName"], "titles", "{}", with.text);
        assert!(with.body["data"]["views"][0]["definition"].as_str().unwrap().trim_start().starts_with("SELECT"));
        assert_eq!((&with.body["data"]["sequences"], &with.body["data"]["functions"]), (&json!([]), &json!([])));
        sql(&bed, "DROP VIEW titles").await;
        let bare = bed.administering("POST", path, json!({"format": "json", "includeData": false})).await;
        assert_eq!(bare.body["data"]["tables"]["posts"]["rows"], json!([]), "{}", bare.text);
        let twice = bed.administering("POST", path, json!({"format": "json", "tables": ["posts", "posts"]})).await;
        assert_eq!(twice.text.matches("\"posts\":").count(), 1, "{}", twice.text);
        for (format, whole) in [("sql", &exported.text), ("json", &told.text)] {
            let body = json!({"format": format, "rowLimit": if format == "sql" { 1000 } else { 1 }});
            let request = Request::builder()
                .method("POST")
                .uri(path)
                .header("x-api-key", &bed.api)
                .header("accept-encoding", "gzip")
                .body(Body::from(body.to_string()));
            let answered = bed.app.front().oneshot(request.unwrap()).await.unwrap();
            assert_eq!(answered.headers()["content-encoding"], "gzip");
            let packed = axum::body::to_bytes(answered.into_body(), usize::MAX).await.unwrap();
            // Gzip ends with the length of what it holds.
            let length = u32::from_le_bytes(packed[packed.len() - 4..].try_into().unwrap());
            assert_eq!(length as usize, whole.len(), "a compressed export is whole");
        }
        for (body, error) in [
            (json!({"tables": ["nowhere"]}), (404, "DATABASE_NOT_FOUND")),
            (json!({"rowLimit": 0}), (400, "INVALID_INPUT")),
            (json!({"format": "xml"}), (400, "INVALID_INPUT")),
        ] {
            assert_eq!(bed.administering("POST", path, body).await.error(), error);
        }
        sql(&bed, "DROP TABLE posts").await;
        let path = "/api/database/advance/import";
        let imported = upload(&bed, path, "all.sql", &text, &[("truncate", "false")]).await;
        assert_eq!(
            imported.body,
            json!({"success": true, "message": "SQL file imported successfully", "filename": "all.sql", "tables": ["posts"],
                "rowsImported": 2, "fileSize": text.len()})
        );
        assert_eq!(sql(&bed, "SELECT CAST(count(*) AS text) AS n FROM posts").await, json!([{"n": "2"}]));
        let failed = upload(&bed, path, "a.sql", "INSERT INTO posts VALUES (3, 'c');\nINSERT INTO posts VALUES (1, 'x');", &[]).await;
        assert_eq!(failed.error(), (409, "DATABASE_DUPLICATE"));
        assert!(failed.text_at("message").contains("Line 2: "), "{}", failed.text);
        assert_eq!(sql(&bed, "SELECT CAST(count(*) AS text) AS n FROM posts").await, json!([{"n": "2"}]));
        assert_eq!(upload(&bed, path, "a.exe", "SELECT 1", &[]).await.error(), (400, "INVALID_INPUT"));
        let person = bed.person("ada@example.com").await.text_at("accessToken");
        for path in ["/api/database/advance/export", "/api/database/backups"] {
            assert_eq!(bed.bearing("POST", path, &person, json!({})).await.status, 403);
        }
    }
}

on_each_database! {
    async fn files_of_rows_are_upserted(app: TestApp) {
        let bed = Bed::over(app);
        sql(&bed, "CREATE TABLE t (id integer PRIMARY KEY, name text); INSERT INTO t VALUES (1, 'old')").await;
        let path = "/api/database/advance/bulk-upsert";
        let fields = [("table", "t"), ("upsertKey", "id")];
        let done = upload(&bed, path, "t.csv", "id,name\n1,new\n2,\"x, y\"\n", &fields).await;
        assert_eq!(
            (&done.body["success"], &done.body["rowsAffected"], &done.body["totalRecords"], &done.body["table"]),
            (&json!(true), &json!(2), &json!(2), &json!("t")),
            "{}", done.text
        );
        let done = upload(&bed, path, "t.json", "[{\"id\":3,\"name\":null}]", &[("table", "t")]).await;
        assert_eq!(done.status, 200, "{}", done.text);
        assert_eq!(
            sql(&bed, "SELECT id, name FROM t ORDER BY id").await,
            json!([{"id": 1, "name": "new"}, {"id": 2, "name": "x, y"}, {"id": 3, "name": null}])
        );
        let failed = upload(&bed, path, "t.csv", "id,name\n9,a\nnine,b\n", &fields).await;
        assert_eq!(failed.status, 400, "{}", failed.text);
        assert!(failed.text_at("message").contains("Line 3, column id: "), "{}", failed.text);
        for (name, file, fields) in [
            ("t.csv", "id\n1\n", &[][..]),
            ("t.txt", "id\n1\n", &[("table", "t")][..]),
            ("t.json", "{", &[("table", "t")][..]),
        ] {
            assert_eq!(upload(&bed, path, name, file, fields).await.error(), (400, "INVALID_INPUT"), "{name}");
        }
        let missing = upload(&bed, path, "t.csv", "id\n1\n", &[("table", "nowhere")]).await;
        assert_eq!(missing.error(), (404, "DATABASE_NOT_FOUND"));
    }
}

on_each_database! {
    async fn the_schedule_of_backups_is_shown_and_changed(app: TestApp) {
        let bed = Bed::over(app);
        let path = "/api/database/config";
        let shown = bed.administering("GET", path, Value::Null).await;
        assert_eq!(
            shown.text,
            r#"{"backup":{"enabled":false,"cronSchedule":"0 0 * * *","retentionDays":7,"nextBackupAt":null}}"#
        );
        let on = json!({"backup": {"enabled": true, "cronSchedule": "30 2 * * 1", "retentionDays": 14}});
        let changed = bed.administering("PATCH", path, on).await;
        assert_eq!(changed.status, 200, "{}", changed.text);
        let next = changed.body["backup"]["nextBackupAt"].as_str().unwrap();
        assert!(next.ends_with("T02:30:00.000Z"), "{next}");
        assert_eq!(bed.administering("GET", path, Value::Null).await.body, changed.body);
        let kept = bed.administering("PATCH", path, json!({"backup": {}})).await;
        assert_eq!(kept.body["backup"]["cronSchedule"], "30 2 * * 1", "{}", kept.text);
        for (body, message) in [
            (json!({}), "backup: "),
            (json!({"backup": {"cronSchedule": "*/5 * * * *"}}), "backup.cronSchedule: "),
            (json!({"backup": {"cronSchedule": 5}}), "backup.cronSchedule: "),
            (json!({"backup": {"retentionDays": 0}}), "backup.retentionDays: "),
            (json!({"backup": {"enabled": "yes"}}), "backup.enabled: "),
        ] {
            let refused = bed.administering("PATCH", path, body).await;
            assert_eq!(refused.error(), (400, "INVALID_INPUT"), "{}", refused.text);
            assert!(refused.text_at("message").starts_with(message), "{}", refused.text);
        }
        let person = bed.person("ada@example.com").await.text_at("accessToken");
        for method in ["GET", "PATCH"] {
            assert_eq!(bed.bearing(method, path, &person, json!({"backup": {}})).await.status, 403);
        }
    }
}

on_each_database! {
    async fn backups_are_made_and_restored(app: TestApp) {
        let bed = Bed::over(app);
        sql(&bed, "CREATE TABLE t (id integer PRIMARY KEY); INSERT INTO t VALUES (1)").await;
        let path = "/api/database/backups";
        let begun = bed.administering("POST", path, json!({"name": "first"})).await;
        assert_eq!((begun.status.as_u16(), &begun.body["triggerSource"]), (201, &json!("manual")), "{}", begun.text);
        let id = begun.text_at("id");
        let mut listed = Value::Null;
        for _ in 0..400 {
            listed = bed.administering("GET", path, Value::Null).await.body["backups"][0].clone();
            if listed["status"] != "running" {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        assert_eq!((&listed["status"], &listed["name"], &listed["errorMessage"]), (&json!("completed"), &json!("first"), &Value::Null));
        assert!(listed["sizeBytes"].as_u64().unwrap() > 0);
        sql(&bed, "DROP TABLE t").await;
        let one = format!("{path}/{id}");
        let renamed = bed.administering("PATCH", &one, json!({"name": "mine"})).await;
        assert_eq!(renamed.body["name"], "mine");
        let restored = bed.administering("POST", &format!("{one}/restore"), Value::Null).await;
        assert_eq!(restored.status, 200, "{}", restored.text);
        assert_eq!(sql(&bed, "SELECT id FROM t").await, json!([{"id": 1}]));
        assert_eq!(bed.administering("DELETE", &one, Value::Null).await.status, 200);
        assert_eq!(bed.administering("DELETE", &one, Value::Null).await.error(), (404, "DATABASE_NOT_FOUND"));
        assert_eq!(bed.administering("PATCH", &format!("{path}/x"), json!({"name": "a"})).await.error(), (400, "INVALID_INPUT"));
    }
}
