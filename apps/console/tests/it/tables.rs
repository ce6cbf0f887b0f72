//! Relations, indexes and policies of a table.

use busbar_testkit::{Caller, on_each_database};
use serde_json::{Value, json};

async fn make(operator: &Caller, name: &str, column: &str, kind: &str) {
    let column = json!({"columnName": column, "type": kind, "isNullable": true, "isUnique": false});
    let table = json!({"tableName": name, "columns": [column], "rlsEnabled": true});
    let _ = operator.post("/admin/api/tables", table).await.expect(201);
}

async fn shown(operator: &Caller, name: &str) -> Value {
    let path = format!("/admin/api/tables/{name}");
    operator.get(&path).await.expect(200).json()
}

fn names(list: &Value) -> Vec<&str> {
    let members = list.as_array().into_iter().flatten();
    members.filter_map(|member| member["name"].as_str()).collect()
}

on_each_database! {
    async fn a_relation_shows_on_both_of_its_tables(app: TestApp) {
        let operator = app.operator().await;
        make(&operator, "authors", "name", "string").await;
        make(&operator, "posts", "author_id", "uuid").await;
        let key = json!({
            "referenceTable": "authors",
            "referenceColumns": [{"sourceColumn": "author_id", "referenceColumn": "id"}],
            "onDelete": "CASCADE",
        });
        let change = json!({"addForeignKeys": [key]});
        let _ = operator.patch("/admin/api/tables/posts", change).await.expect(200);
        let authors = shown(&operator, "authors").await;
        assert_eq!(authors["referring"][0]["table"], "posts", "{authors}");
        assert_eq!(authors["referring"][0]["onDelete"], "CASCADE");
        assert_eq!(shown(&operator, "posts").await["foreignKeys"][0]["referenceTable"], "authors");

        let scan = "/admin/api/advisor/scan";
        let rules = |told: &Value| told["findings"].to_string();
        let before = operator.post(scan, json!({})).await.expect(200).json();
        assert!(rules(&before).contains("fk-missing-index"), "{before}");
        let index = json!({"columns": ["author_id"]});
        let made = operator.post("/admin/api/tables/posts/indexes", index).await.expect(201).json();
        assert!(names(&made["indexes"]).contains(&"posts_author_id_idx"), "{made}");
        let after = operator.post(scan, json!({})).await.expect(200).json();
        assert!(!rules(&after).contains("fk-missing-index"), "{after}");
    }

    async fn indexes_come_and_go_but_the_primary_keys_stays(app: TestApp) {
        let operator = app.operator().await;
        make(&operator, "posts", "title", "string").await;
        let indexes = "/admin/api/tables/posts/indexes";
        let unique = json!({"name": "one_title", "columns": ["title"], "isUnique": true});
        let _ = operator.post(indexes, unique.clone()).await.expect(201);
        let _ = operator.post(indexes, unique).await.expect(409);
        for wrong in [json!([]), json!(["nowhere"]), json!(["title", "title"])] {
            let refused = operator.post(indexes, json!({"columns": wrong})).await;
            assert!(refused.status.is_client_error(), "{wrong}: {}", refused.text());
        }
        let _ = operator.delete(&format!("{indexes}/one_title")).await.expect(204);
        let gone = operator.delete(&format!("{indexes}/one_title")).await;
        assert!(gone.status.is_client_error(), "{}", gone.text());
        let table = shown(&operator, "posts").await;
        let all = table["indexes"].as_array().into_iter().flatten();
        let primary: Vec<&str> = all
            .filter(|index| index["isPrimary"] == true)
            .filter_map(|index| index["name"].as_str())
            .collect();
        assert_eq!(primary.len(), 1, "{table}");
        let _ = operator.delete(&format!("{indexes}/{}", primary[0])).await.expect(400);
    }

    async fn a_policy_is_replaced_at_once_or_not_at_all(app: TestApp) {
        let operator = app.operator().await;
        make(&operator, "posts", "title", "string").await;
        let policies = "/admin/api/tables/posts/policies";
        let policy = |name: &str, using: &str| {
            json!({"name": name, "command": "select", "roles": ["anon"], "using": using})
        };
        let _ = operator.post(policies, policy("a", "true")).await.expect(201);
        let new = policy("b", "title = 'open'");
        let replaced = operator.put(&format!("{policies}/a"), new).await.expect(200).json();
        assert_eq!(names(&replaced["policies"]), ["b"]);
        assert_eq!(replaced["policies"][0]["permissive"], true);
        let wrong = operator.put(&format!("{policies}/b"), policy("c", "nowhere = 1")).await;
        assert!(wrong.status.is_client_error(), "{}", wrong.text());
        let missing = operator.put(&format!("{policies}/a"), policy("d", "true")).await;
        assert!(missing.status.is_client_error(), "{}", missing.text());
        assert_eq!(names(&shown(&operator, "posts").await["policies"]), ["b"]);
    }

    async fn a_field_that_is_not_known_is_refused_by_its_name(app: TestApp) {
        let operator = app.operator().await;
        make(&operator, "posts", "title", "string").await;
        let column = json!({"columnName": "a", "type": "string", "nullable": false});
        let policy = json!({"name": "own", "command": "select", "role": ["authenticated"], "using": "true"});
        for (path, body, field) in [
            ("/admin/api/tables/posts/policies", policy.clone(), "role"),
            ("/admin/api/storage/policies", policy, "role"),
            ("/admin/api/buckets", json!({"bucketName": "b", "public": false}), "public"),
            ("/admin/api/access-keys", json!({"description": "d", "readOnly": true}), "readOnly"),
            ("/admin/api/tables", json!({"tableName": "t", "columns": [column]}), "columns[0].nullable"),
            ("/admin/api/tables/posts/indexes", json!({"columns": ["title"], "unique": true}), "unique"),
            ("/admin/api/backups", json!({"title": "x"}), "title"),
        ] {
            let refused = operator.post(path, body).await.expect(400);
            assert!(refused.text().contains(field) && refused.text().contains("Unknown field"), "{path}: {}", refused.text());
        }
        let events = json!({"events": ["INSERT"], "webhook": "https://example.com"});
        let refused = operator.put("/admin/api/tables/posts/change-events", events).await.expect(400);
        assert!(refused.text().contains("webhook"), "{}", refused.text());
        let table = shown(&operator, "posts").await;
        assert!(names(&table["policies"]).is_empty() && table["indexes"].as_array().unwrap().len() == 1, "{table}");
    }

    async fn row_security_is_turned_off_and_on(app: TestApp) {
        let operator = app.operator().await;
        make(&operator, "posts", "title", "string").await;
        let insert = json!({"title": "a"});
        let _ = operator.post("/admin/api/records/posts", insert).await.expect(201);
        let seen = || async { app.anonymous().get("/api/database/records/posts?select=title").await.text() };
        assert_eq!(seen().await, "[]");
        let path = "/admin/api/tables/posts/row-security";
        let off = operator.put(path, json!({"on": false})).await.expect(200).json();
        assert_eq!(off["rowSecurity"], false);
        assert_eq!(seen().await, "[{\"title\":\"a\"}]");
        let _ = operator.put(path, json!({"on": true})).await.expect(200);
        assert_eq!(seen().await, "[]");
        let _ = operator.put("/admin/api/tables/nowhere/row-security", json!({"on": true})).await.expect(404);
    }
}
