//! Policies of files.

use busbar_testkit::on_each_database;
use serde_json::{Value, json};

on_each_database! {
    async fn policies_of_files_are_made_replaced_and_dropped(app: TestApp) {
        let operator = app.operator().await;
        let path = "/admin/api/storage/policies";
        let listed = || async { operator.get(path).await.expect(200).json() };
        assert_eq!(listed().await, json!({"policies": [], "inForce": false}));
        let policy = |name: &str, using: &str| {
            json!({"name": name, "command": "select", "roles": ["anon", "authenticated"], "using": using})
        };
        let made = operator.post(path, policy("a", "bucket = 'photos'")).await.expect(201).json();
        assert_eq!((&made["policies"][0]["name"], &made["inForce"]), (&json!("a"), &Value::Bool(true)), "{made}");
        let _ = operator.post(path, policy("a", "true")).await.expect(409);
        let own = "uploaded_by = auth.jwt()->>'sub' AND (storage.foldername(key))[1] = 'x' AND mime_type LIKE 'image/%'";
        let replaced = operator.put(&format!("{path}/a"), policy("b", own)).await.expect(200).json();
        assert_eq!(replaced["policies"][0]["name"], "b", "{replaced}");
        let wrong = operator.post(path, policy("c", "nowhere = 1")).await;
        assert!(wrong.status.is_client_error(), "{}", wrong.text());
        assert_eq!(listed().await["policies"].as_array().map(Vec::len), Some(1));
        let _ = operator.delete(&format!("{path}/b")).await.expect(204);
        let gone = operator.delete(&format!("{path}/b")).await;
        assert!(gone.status.is_client_error(), "{}", gone.text());
        assert_eq!(listed().await, json!({"policies": [], "inForce": false}));
    }
}
