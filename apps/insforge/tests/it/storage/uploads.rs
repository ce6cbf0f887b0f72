//! Files stored, listed and removed.

use busbar_testkit::on_each_database;
use http::Method;
use serde_json::{Value, json};

use super::{bucket, error, form, put, send_form};

on_each_database! {
    async fn a_file_is_stored_listed_replaced_and_removed(app: TestApp) {
        bucket(&app, "b", false).await;
        let ada = app.user("ada@example.com").await;
        let file = put(&ada, "b", "dir%2F%C3%A4%20b%2Bc.bin", b"hello", "application/x-thing").await.expect(200).json();
        assert_eq!(
            (&file["bucket"], &file["key"], &file["size"], &file["mimeType"]),
            (&json!("b"), &json!("dir/ä b+c.bin"), &json!(5), &json!("application/x-thing"))
        );
        let url = file["url"].as_str().unwrap();
        assert!(url.starts_with("http://"), "{url}");
        assert!(url.ends_with("/api/storage/buckets/b/objects/dir%2F%C3%A4%20b%2Bc.bin?v=5d41402abc4b2a76b9719d911017c592"), "{url}");
        put(&ada, "b", "dir/raw.txt", b"raw", "text/plain").await.expect(200).json();
        put(&ada, "b", "dir/raw.txt", b"raw again", "text/plain").await.expect(200).json();

        let list = ada.get("/api/storage/buckets/b/objects?prefix=dir/&limit=1").await.expect(200).json();
        assert_eq!(list["pagination"], json!({ "offset": 0, "limit": 1, "total": 2 }));
        let row = &list["data"][0];
        assert_eq!((&row["key"], &row["size"]), (&json!("dir/raw.txt"), &json!(9)));
        assert_eq!((&row["mime_type"], &row["mimeType"]), (&json!("text/plain"), &json!("text/plain")));
        assert_eq!((&row["uploaded_via"], &row["s3_access_key_id"]), (&json!("rest"), &Value::Null));
        assert!(row["uploaded_by"].is_string() && row["etag"].is_string() && row["uploaded_at"].is_string());
        let nowhere = ada.get("/api/storage/buckets/nowhere/objects").await.expect(200).json();
        assert_eq!((&nowhere["data"], &nowhere["pagination"]["total"]), (&json!([]), &json!(0)));

        ada.delete("/api/storage/buckets/b/objects/dir/raw.txt").await.expect(200).json();
        let again = ada.delete("/api/storage/buckets/b/objects/dir/raw.txt").await;
        assert_eq!(error(&again), (404, "STORAGE_NOT_FOUND".to_owned()));
        let keys = json!({ "keys": ["dir/ä b+c.bin", "never", "../x"] });
        let many = ada.send_json(Method::DELETE, "/api/storage/buckets/b/objects", &keys).await.expect(200).json();
        let states: Vec<_> = many["results"].as_array().unwrap().iter().map(|one| one["status"].as_str().unwrap()).collect();
        assert_eq!(states, ["deleted", "notFound", "failed"]);
        for wrong in [json!({ "keys": [] }), json!({}), json!({ "keys": "a" }), json!({ "keys": vec!["k"; 1001] })] {
            let refused = ada.send_json(Method::DELETE, "/api/storage/buckets/b/objects", &wrong).await;
            assert_eq!(error(&refused), (400, "STORAGE_INVALID_PARAMETER".to_owned()), "{wrong}");
        }
    }
}

on_each_database! {
    async fn a_posted_file_gets_a_key_of_its_own(app: TestApp) {
        bucket(&app, "b", false).await;
        let ada = app.user("ada@example.com").await;
        let body = form("file", "my report.txt", "text/plain", b"x");
        let file = send_form(&ada, Method::POST, "/api/storage/buckets/b/objects", body).await.expect(201).json();
        let key = file["key"].as_str().unwrap();
        assert!(key.starts_with("my-report-1767225600000-") && key.ends_with(".txt"), "{key}");
        let path = format!("/api/storage/buckets/b/objects/{key}");
        assert_eq!(ada.get(&path).await.expect(200).text(), "x");
        let confirmed = ada.post(&format!("{path}/confirm-upload"), json!({ "size": 1 })).await.expect(200).json();
        assert_eq!(confirmed["url"], file["url"]);
        let never = ada.post("/api/storage/buckets/b/objects/never/confirm-upload", json!({ "size": 1 })).await;
        assert_eq!(error(&never), (404, "STORAGE_NOT_FOUND".to_owned()));
        let unknown = ada.post(&format!("{path}/else"), json!({})).await;
        assert_eq!(error(&unknown), (404, "NOT_FOUND".to_owned()));
    }
}

on_each_database! {
    async fn the_strategy_of_an_upload_says_where_and_whether(app: TestApp) {
        bucket(&app, "b", false).await;
        let (ada, eve) = (app.user("ada@example.com").await, app.user("eve@example.com").await);
        put(&ada, "b", "hers", b"x", "text/plain").await.expect(200).json();
        let path = "/api/storage/buckets/b/upload-strategy";
        let wish = json!({ "filename": "a/b.txt", "contentType": "text/plain", "size": 999_999_999 });
        let strategy = eve.post(path, wish.clone()).await.expect(200).json();
        assert_eq!(
            (&strategy["method"], &strategy["key"], &strategy["confirmRequired"]),
            (&json!("direct"), &json!("a/b.txt"), &json!(false))
        );
        assert!(strategy["uploadUrl"].as_str().unwrap().ends_with("/api/storage/buckets/b/objects/a%2Fb.txt"));
        let taken = eve.post(path, json!({ "filename": "hers" })).await;
        assert_eq!(error(&taken), (403, "STORAGE_PERMISSION_DENIED".to_owned()));
        let climbing = eve.post(path, json!({ "filename": "../x" })).await;
        assert_eq!(error(&climbing), (400, "STORAGE_INVALID_PARAMETER".to_owned()));
        let nowhere = eve.post("/api/storage/buckets/nowhere/upload-strategy", wish.clone()).await;
        assert_eq!(error(&nowhere), (404, "STORAGE_NOT_FOUND".to_owned()));
        assert_eq!(error(&app.anonymous().post(path, wish.clone()).await), (403, "FORBIDDEN".to_owned()));
        assert_eq!(error(&app.nobody().post(path, wish).await), (401, "AUTH_INVALID_CREDENTIALS".to_owned()));
    }
}

on_each_database! {
    async fn what_is_no_upload_is_refused_and_named(app: TestApp) {
        bucket(&app, "b", false).await;
        let ada = app.user("ada@example.com").await;
        let path = "/api/storage/buckets/b/objects/k";
        let other = send_form(&ada, Method::PUT, path, form("other", "n", "text/plain", b"x")).await;
        assert_eq!(error(&other), (400, "STORAGE_INVALID_PARAMETER".to_owned()));
        let json_body = ada.put(path, json!({ "file": "x" })).await;
        assert_eq!(error(&json_body), (400, "STORAGE_INVALID_PARAMETER".to_owned()));
        let mut cut = form("file", "n", "text/plain", b"half of it");
        cut.truncate(cut.len() - 20);
        let cut = send_form(&ada, Method::PUT, path, cut).await;
        assert_eq!(error(&cut), (400, "STORAGE_INVALID_PARAMETER".to_owned()));
        let nowhere = put(&ada, "nowhere", "k", b"x", "text/plain").await;
        assert_eq!(error(&nowhere), (400, "DATABASE_CONSTRAINT_VIOLATION".to_owned()));
        let anon = put(&app.anonymous(), "b", "k", b"x", "text/plain").await;
        assert_eq!(error(&anon), (403, "FORBIDDEN".to_owned()));
        let missing = ada.get(path).await;
        assert_eq!(error(&missing), (404, "STORAGE_NOT_FOUND".to_owned()), "nothing was stored");
    }
}

on_each_database! {
    async fn a_client_that_sends_too_much_hears_it_over_a_real_connection(app: TestApp) {
        bucket(&app, "b", false).await;
        let listening = app.listen().await;
        let ada = app.user("ada@example.com").await.over(&listening);
        let large = vec![7; 12 * 1024 * 1024];
        let refused = put(&ada, "b", "large", &large, "application/x-thing").await;
        assert_eq!(error(&refused), (413, "STORAGE_INVALID_PARAMETER".to_owned()));
        let fits = put(&ada, "b", "fits", &large[..10 * 1024 * 1024], "application/x-thing").await;
        assert_eq!(fits.expect(200).json()["size"], 10 * 1024 * 1024);
    }
}
