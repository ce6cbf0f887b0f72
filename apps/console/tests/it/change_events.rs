//! Change events of a table, switched on and off, and what was recorded meanwhile.

use busbar_testkit::on_each_database;
use serde_json::{Value, json};

on_each_database! {
    async fn events_are_switched_on_changed_and_off_and_what_was_recorded_stays(app: TestApp) {
        let operator = app.operator().await;
        let column = json!({"columnName": "title", "type": "string", "isNullable": true, "isUnique": false});
        let table = json!({"tableName": "posts", "columns": [column], "rlsEnabled": true});
        let _ = operator.post("/admin/api/tables", table).await.expect(201);
        let path = "/admin/api/tables/posts/change-events";
        let shown = || async { operator.get(path).await.expect(200).json()["publication"].clone() };
        assert_eq!(shown().await, Value::Null);

        let made = operator.put(path, json!({})).await.expect(200).json();
        assert_eq!(made["events"], json!(["INSERT", "UPDATE", "DELETE"]));
        assert_eq!((&made["channel"], &made["recording"]), (&json!("table:posts"), &json!(true)));
        let row = json!({"title": "a"});
        let _ = operator.post("/admin/api/records/posts", row).await.expect(201);
        let hook = json!({"events": ["DELETE"], "condition": "title = 'a'", "webhookUrl": "https://example.org/hook"});
        let _ = operator.put(path, hook).await.expect(200);
        let now = shown().await;
        assert_eq!((&now["events"], &now["channel"]), (&json!(["DELETE"]), &Value::Null));
        let _ = operator.patch("/admin/api/records/posts?title=eq.a", json!({"title": "b"})).await.expect(204);
        let _ = operator.patch("/admin/api/records/posts?title=eq.b", json!({"title": "a"})).await.expect(204);
        let _ = operator.delete("/admin/api/records/posts?title=eq.a").await.expect(204);

        let _ = operator.delete(path).await.expect(204);
        let _ = operator.delete(path).await.expect(404);
        assert_eq!(shown().await, Value::Null);
        let recorded = operator.get("/admin/api/tables/posts/changes").await.expect(200).json();
        let kinds: Vec<&Value> = recorded["changes"].as_array().into_iter().flatten().map(|one| &one["event"]).collect();
        assert_eq!(kinds, [&json!("DELETE"), &json!("INSERT")], "{recorded}");
        assert_eq!(recorded["changes"][0]["old"]["title"], "a");
        assert_eq!(recorded["changes"][1]["old"], Value::Null);
        let before = format!("/admin/api/tables/posts/changes?limit=1&before={}", recorded["changes"][0]["id"]);
        let page = operator.get(&before).await.expect(200).json();
        assert_eq!(page["changes"][0], recorded["changes"][1]);
    }

    async fn what_cannot_be_published_names_its_field(app: TestApp) {
        let operator = app.operator().await;
        let column = json!({"columnName": "title", "type": "string", "isNullable": true, "isUnique": false});
        let table = json!({"tableName": "posts", "columns": [column], "rlsEnabled": true});
        let _ = operator.post("/admin/api/tables", table).await.expect(201);
        let path = "/admin/api/tables/posts/change-events";
        for (wrong, field) in [
            (json!({"events": ["TRUNCATE"]}), "events.0"),
            (json!({"columns": ["nowhere"]}), "columns.0"),
            (json!({"condition": "title = auth.uid()"}), "condition"),
            (json!({"channel": "a b"}), "channel"),
            (json!({"webhookUrl": "ftp://example.org"}), "webhookUrl"),
        ] {
            let refused = operator.put(path, wrong).await;
            assert!(refused.status.is_client_error(), "{}", refused.text());
            assert_eq!(refused.json()["error"]["field"], field, "{}", refused.text());
        }
        let _ = operator.get("/admin/api/tables/nowhere/change-events").await.expect(404);
    }
}
