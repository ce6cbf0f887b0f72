//! SQL by hand and migrations.

use busbar_testkit::on_each_database;
use serde_json::{Value, json};

on_each_database! {
    async fn sql_answers_columns_and_rows_in_their_order(app: TestApp) {
        let operator = app.operator().await;
        let told = operator.get("/admin/api/sql").await.expect(200).json();
        assert_eq!(told["relaxed"], false);
        assert!(["sqlite", "postgres"].contains(&told["database"].as_str().unwrap_or_default()), "{told}");
        let query = json!({"query": "SELECT 'b' AS z, NULL AS a"});
        let answer = operator.post("/admin/api/sql", query).await.expect(200).json();
        assert_eq!(answer["rows"], json!([["b", null]]));
        assert_eq!((&answer["fields"][0]["name"], &answer["rowCount"]), (&json!("z"), &json!(1)));
        let long = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1200) SELECT i FROM n";
        let answer = operator.post("/admin/api/sql", json!({"query": long})).await.expect(200).json();
        assert_eq!(answer["rowCount"], 1200);
        assert_eq!(answer["rows"].as_array().map(Vec::len), Some(1000));
        let plan = json!({"query": "SELECT 1", "explain": true});
        let plan = operator.post("/admin/api/sql", plan).await.expect(200).json();
        assert!(plan["rows"][0][0][0]["Plan"].is_object(), "{plan}");
    }

    async fn an_error_of_sql_names_its_place(app: TestApp) {
        let operator = app.operator().await;
        for (query, field) in [
            ("SELECT 1;\n\nSELECT nowhere FROM (SELECT 1 AS a) AS t", "query:3:8"),
            ("SELECT 'ä',\n  nowhere", "query:2:3"),
            ("SELECT 1;\n  SELECT (", "query:2:"),
            ("SELECT 1;\n  COMMIT", "query:2:3"),
        ] {
            let refused = operator.post("/admin/api/sql", json!({"query": query})).await;
            assert!(refused.status.is_client_error(), "{query}: {}", refused.text());
            let told = refused.json();
            let named = told["error"]["field"].as_str().unwrap_or_default();
            assert!(named.starts_with(field), "{query}: {told}");
        }
        let explained = json!({"query": "SELECT\n  nowhere", "explain": true});
        let told = operator.post("/admin/api/sql", explained).await.json();
        assert_eq!(told["error"]["field"], "query:2:3", "{told}");
        let relaxed = json!({"query": "SELECT 1", "relaxed": true});
        let told = operator.post("/admin/api/sql", relaxed).await.expect(403).json();
        assert_eq!(told["error"]["code"], "workbench.sql_restricted");
    }

    async fn a_migration_is_tried_applied_and_listed(app: TestApp) {
        let operator = app.operator().await;
        let dry = "/admin/api/migrations/dry-run";
        let wrong = json!({"sql": "CREATE TABLE a (id integer);\nINSERT INTO nowhere VALUES (1)"});
        let told = operator.post(dry, wrong).await.expect(200).json();
        assert!(told["error"].is_string() && told["line"] == 2, "{told}");
        let sql = "CREATE TABLE a (id integer PRIMARY KEY)";
        let told = operator.post(dry, json!({"sql": sql})).await.expect(200).json();
        assert_eq!((&told["level"], &told["error"]), (&json!("safe"), &Value::Null));
        let risky = json!({"sql": "CREATE TABLE b (id integer); DROP TABLE b"});
        let told = operator.post(dry, risky).await.expect(200).json();
        assert_eq!(told["risks"][0]["level"], "danger", "{told}");

        let migration = json!({"version": "1", "name": "make-a", "sql": sql});
        let _ = operator.post("/admin/api/migrations", migration.clone()).await.expect(201);
        let _ = operator.post("/admin/api/migrations", migration).await.expect(409);
        let listed = operator.get("/admin/api/migrations").await.expect(200).json();
        assert_eq!(listed["migrations"][0]["statements"], json!([sql]));
    }
}
