//! Exports and backups: tables out as files, and the way back.

use std::time::Duration;

use busbar_testkit::{Caller, on_each_database};
use serde_json::{Value, json};

async fn make(operator: &Caller, name: &str, rows: Value) {
    let columns = json!([
        {"columnName": "title", "type": "string", "isNullable": true, "isUnique": false},
        {"columnName": "done", "type": "boolean", "isNullable": true, "isUnique": false},
    ]);
    let table = json!({"tableName": name, "columns": columns, "rlsEnabled": true});
    let _ = operator.post("/admin/api/tables", table).await.expect(201);
    let path = format!("/admin/api/records/{name}");
    let _ = operator.post(&path, rows).await.expect(201);
}

async fn made(operator: &Caller, name: &str) -> Value {
    let begun = operator
        .post("/admin/api/backups", json!({"name": name}))
        .await
        .expect(201)
        .json();
    loop {
        let listed = operator.get("/admin/api/backups").await.expect(200).json();
        let all = listed["backups"].as_array().cloned().unwrap_or_default();
        let found = all
            .into_iter()
            .find(|backup| backup["id"] == begun["id"])
            .unwrap_or_default();
        if found["status"] != "running" {
            return found;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

on_each_database! {
    async fn a_table_leaves_as_csv_json_and_sql(app: TestApp) {
        let operator = app.operator().await;
        let rows = json!([{"title": "a, \"b\"", "done": true}, {"title": null, "done": null}]);
        make(&operator, "posts", rows).await;
        let path = "/admin/api/tables/posts/export";
        let csv = operator.get(&format!("{path}?format=csv")).await.expect(200);
        assert!(csv.header("content-disposition").contains("posts.csv"));
        assert!(csv.text().contains("\"a, \"\"b\"\"\",t"), "{}", csv.text());
        assert_eq!(csv.text().trim_end().lines().count(), 3, "{}", csv.text());
        let rows = operator.get(&format!("{path}?format=json")).await.expect(200).json();
        let titles: Vec<&Value> = rows.as_array().into_iter().flatten().map(|row| &row["title"]).collect();
        assert!(titles.len() == 2 && titles.contains(&&json!("a, \"b\"")), "{rows}");
        let sql = operator.get(&format!("{path}?format=sql")).await.expect(200).text();
        assert!(sql.contains("CREATE TABLE") && sql.contains("INSERT INTO"), "{sql}");
        assert_eq!(operator.get(&format!("{path}?format=xml")).await.expect(400).json()["error"]["field"], "format");
        for format in ["csv", "sql"] {
            let _ = operator.get(&format!("/admin/api/tables/nowhere/export?format={format}")).await.expect(404);
        }
        let _ = app.anonymous().get(&format!("{path}?format=csv")).await.expect(401);
    }

    async fn every_table_leaves_in_one_file_with_all_of_its_rows(app: TestApp) {
        let operator = app.operator().await;
        make(&operator, "posts", json!([{"title": "a"}])).await;
        let many: Vec<Value> = (0..10_500).map(|number| json!({"title": number.to_string()})).collect();
        make(&operator, "tags", json!(many)).await;
        let all = operator.get("/admin/api/export?format=json").await.expect(200).json();
        assert_eq!(all["posts"][0]["title"], "a");
        assert_eq!(all["tags"].as_array().map(Vec::len), Some(10_500));
        let sql = operator.get("/admin/api/export?format=sql").await.expect(200).text();
        assert!(sql.contains("'10499'"), "rows are missing");
        let zip = operator.get("/admin/api/export?format=csv").await.expect(200);
        assert_eq!(zip.header("content-type"), "application/zip");
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(zip.body.to_vec())).unwrap();
        let mut tags = String::new();
        std::io::Read::read_to_string(&mut archive.by_name("tags.csv").unwrap(), &mut tags).unwrap();
        assert_eq!(tags.trim_end().lines().count(), 10_501);
        assert!(archive.by_name("posts.csv").is_ok());
    }

    async fn nobody_carries_accounts_away_with_a_backup(app: TestApp) {
        let operator = app.operator().await;
        let person = json!({"email": "ada@carried.example", "password": "Correct-horse-9-battery", "name": "Ada"});
        let _ = operator.post("/admin/api/users", person).await.expect(201);
        make(&operator, "posts", json!([{"title": "a title that stays"}])).await;
        let backup = made(&operator, "all").await;
        let path = format!("/admin/api/backups/{}", backup["id"].as_str().unwrap_or_default());
        let file = operator.get(&format!("{path}/file")).await.expect(200).body;
        let holds = |text: &str| file.windows(text.len()).any(|part| part == text.as_bytes());
        assert!(!holds("ada@carried.example") && !holds("$argon2"), "accounts are in the file");
        let _ = operator.post(&format!("{path}/restore"), json!({})).await.expect(204);
        let people = operator.get("/admin/api/users").await.expect(200).json();
        assert_eq!(people["users"][0]["email"], "ada@carried.example");
        let rows = operator.get("/admin/api/records/posts?select=title").await.expect(200).json();
        assert_eq!(rows, json!([{"title": "a title that stays"}]));
    }

    async fn a_backup_is_made_downloaded_restored_and_deleted(app: TestApp) {
        let operator = app.operator().await;
        make(&operator, "posts", json!([{"title": "a"}])).await;
        let backup = made(&operator, "before").await;
        assert_eq!((&backup["status"], &backup["createdBy"]), (&json!("completed"), &json!("operator")), "{backup}");
        let path = format!("/admin/api/backups/{}", backup["id"].as_str().unwrap_or_default());
        let file = operator.get(&format!("{path}/file")).await.expect(200);
        assert_eq!(Some(file.body.len() as u64), backup["sizeBytes"].as_u64());
        assert!(file.header("content-disposition").contains("before."));

        make(&operator, "later", json!([{"title": "b"}])).await;
        let _ = operator.delete("/admin/api/records/posts").await;
        let _ = operator.post(&format!("{path}/restore"), json!({})).await.expect(204);
        let rows = operator.get("/admin/api/records/posts?select=title").await.expect(200).json();
        assert_eq!(rows, json!([{"title": "a"}]));
        let _ = operator.get("/admin/api/tables/later").await.expect(404);

        let _ = operator.delete(&path).await.expect(204);
        let _ = operator.get(&format!("{path}/file")).await.expect(404);
        let _ = operator.post(&format!("{path}/restore"), json!({})).await.expect(404);
        let _ = operator.get("/admin/api/backups/no-id/file").await.expect(400);
    }
}
