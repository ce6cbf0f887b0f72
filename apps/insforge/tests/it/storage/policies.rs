//! Policies of objects over HTTP: made as the dashboard and as raw SQL make them, attacked by every door.

use busbar_testkit::{Caller, TestApp, on_each_database};
use http::Method;
use serde_json::{Value, json};

use super::{bucket, error, path_of, put};

const OBJECTS: &str = "/api/storage/buckets/b/objects";

async fn sql(app: &TestApp, query: &str) -> Value {
    let body = json!({ "query": query });
    app.service()
        .post("/api/database/advance/rawsql", body)
        .await
        .expect(200)
        .json()
}

async fn keys(caller: &Caller, query: &str) -> Vec<String> {
    let page = caller.get(&format!("{OBJECTS}?{query}")).await.expect(200).json();
    let rows = page["data"].as_array().unwrap();
    assert_eq!(page["pagination"]["total"], rows.len());
    rows.iter()
        .map(|row| row["key"].as_str().unwrap().to_owned())
        .collect()
}

on_each_database! {
    async fn policies_of_raw_sql_decide_about_files(app: TestApp) {
        bucket(&app, "b", false).await;
        let (ada, eve) = (app.user("ada@example.com").await, app.user("eve@example.com").await);
        sql(&app, "ALTER TABLE storage.objects ENABLE ROW LEVEL SECURITY").await;
        sql(&app, "CREATE POLICY own ON storage.objects FOR ALL TO authenticated \
                   USING (uploaded_by = auth.jwt()->>'sub') WITH CHECK (uploaded_by = auth.jwt()->>'sub')").await;
        sql(&app, "CREATE POLICY open ON storage.objects FOR SELECT TO authenticated \
                   USING ((storage.foldername(key))[1] = 'open')").await;
        _ = put(&ada, "b", "secret.txt", b"secret", "text/plain").await.expect(200);
        _ = put(&ada, "b", "open/hello.txt", b"hello", "text/plain").await.expect(200);

        assert_eq!(eve.get(&format!("{OBJECTS}/open/hello.txt")).await.expect(200).text(), "hello");
        assert_eq!(keys(&eve, "").await, ["open/hello.txt"]);
        assert_eq!(keys(&ada, "").await, ["open/hello.txt", "secret.txt"]);
        for query in ["prefix=sec", "search=secret"] {
            assert!(keys(&eve, query).await.is_empty(), "{query}");
        }
        let hidden = (404, "STORAGE_NOT_FOUND".to_owned());
        let secret = format!("{OBJECTS}/secret.txt");
        assert_eq!(error(&eve.get(&secret).await), hidden);
        assert_eq!(error(&eve.get("/api/storage/buckets/b/download-strategy/objects/secret.txt").await), hidden);
        assert_eq!(error(&eve.post(&format!("{secret}/download-strategy"), json!({})).await), hidden);
        assert_eq!(error(&eve.post(&format!("{secret}/confirm-upload"), json!({ "size": 6 })).await), hidden);
        let denied = (403, "STORAGE_PERMISSION_DENIED".to_owned());
        for name in ["secret.txt", "open/hello.txt"] {
            assert_eq!(error(&put(&eve, "b", name, b"mine", "text/plain").await), denied, "{name}");
            let asked = eve.post("/api/storage/buckets/b/upload-strategy", json!({ "filename": name })).await;
            assert_eq!(error(&asked), denied, "{name}");
            assert_eq!(error(&eve.delete(&format!("{OBJECTS}/{name}")).await), hidden, "{name}");
        }
        let many = json!({ "keys": ["secret.txt", "open/hello.txt"] });
        let many = eve.send_json(Method::DELETE, OBJECTS, &many).await.expect(200).json();
        assert!(many["results"].as_array().unwrap().iter().all(|one| one["status"] == "notFound"), "{many}");

        // A link outlives nothing but what it was signed for; another's key behind it is refused.
        let strategy = ada.get("/api/storage/buckets/b/download-strategy/objects/secret.txt").await.expect(200).json();
        let link = path_of(strategy["url"].as_str().unwrap()).to_owned();
        assert_eq!(app.nobody().get(&link).await.expect(200).text(), "secret");
        let strategy = eve.get("/api/storage/buckets/b/download-strategy/objects/open/hello.txt").await.expect(200).json();
        let bent = path_of(strategy["url"].as_str().unwrap()).replace("open%2Fhello.txt", "secret.txt");
        for reader in [&eve, &app.nobody()] {
            assert_eq!(error(&reader.get(&bent).await), denied);
        }
        // The gateway knows access keys only: neither her token nor a copy header opens it.
        for (method, path, headers) in [
            (Method::GET, "/storage/v1/s3/b/secret.txt", vec![]),
            (Method::GET, "/storage/v1/s3/b?list-type=2", vec![]),
            (Method::PUT, "/storage/v1/s3/b/eves.txt", vec![("x-amz-copy-source", "/b/secret.txt")]),
            (Method::DELETE, "/storage/v1/s3/b/secret.txt", vec![]),
        ] {
            let refused = eve.send(method, path, &headers, "").await;
            assert_eq!(refused.status.as_u16(), 400, "{path}: {}", refused.text());
        }
        assert_eq!(ada.get(&secret).await.expect(200).text(), "secret");
        sql(&app, "DROP POLICY own ON storage.objects").await;
        assert_eq!(error(&ada.get(&secret).await), hidden, "what is left speaks of the open folder only");
        sql(&app, "DROP POLICY open ON storage.objects").await;
        assert_eq!(ada.get(&secret).await.expect(200).text(), "secret");
    }
}

on_each_database! {
    async fn only_policies_of_objects_are_made_so(app: TestApp) {
        bucket(&app, "b", false).await;
        let body = json!({
            "tableName": "storage.objects", "policyName": "see", "command": "SELECT", "using": "bucket = 'b'",
        });
        let made = app.service().post("/api/database/policies", body.clone()).await.expect(201).json();
        assert_eq!(made["policyName"], "see", "{made}");
        let eve = app.user("eve@example.com").await;
        assert_eq!(eve.post("/api/database/policies", body).await.status.as_u16(), 403);
        for refused in [
            "CREATE POLICY p ON storage.s3_access_keys USING (true)",
            "CREATE POLICY p ON storage.buckets USING (true)",
            "CREATE POLICY p ON storage.objects USING (EXISTS (SELECT 1 FROM storage.s3_access_keys))",
            "CREATE POLICY p ON storage.objects USING (blob IS NULL)",
            "ALTER TABLE storage.objects DISABLE ROW LEVEL SECURITY, DROP COLUMN key",
            "ALTER TABLE storage.objects RENAME TO stolen",
            "DROP TABLE storage.objects",
        ] {
            let answer = app.service().post("/api/database/advance/rawsql", json!({ "query": refused })).await;
            assert!((400..500).contains(&answer.status.as_u16()), "{refused}: {}", answer.text());
        }
        _ = app.service().delete("/api/database/policies/storage.objects/see").await.expect(204);
    }
}
