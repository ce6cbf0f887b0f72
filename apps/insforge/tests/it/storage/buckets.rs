//! Buckets and the settings of storage.

use busbar_testkit::on_each_database;
use serde_json::json;

use super::{bucket, error, put};

on_each_database! {
    async fn a_bucket_is_private_unless_said_and_lives_its_life(app: TestApp) {
        let admin = app.service();
        let made = admin.post("/api/storage/buckets", json!({ "bucketName": "quiet" })).await.expect(201);
        assert_eq!((&made.json()["isPublic"], &made.json()["bucketName"]), (&json!(false), &json!("quiet")));
        let twice = admin.post("/api/storage/buckets", json!({ "bucketName": "quiet" })).await;
        assert_eq!(error(&twice), (409, "STORAGE_ALREADY_EXISTS".to_owned()));
        for name in ["", "a b", "../x", "a/b", "a.b", "ü", &"x".repeat(64)] {
            let refused = admin.post("/api/storage/buckets", json!({ "bucketName": name })).await;
            assert_eq!(error(&refused), (400, "STORAGE_INVALID_PARAMETER".to_owned()), "{name}");
        }
        let missing = admin.post("/api/storage/buckets", json!({})).await;
        assert_eq!(error(&missing), (400, "STORAGE_INVALID_PARAMETER".to_owned()));

        let changed = admin.patch("/api/storage/buckets/quiet", json!({ "isPublic": true })).await.expect(200);
        assert_eq!(changed.json()["isPublic"], true);
        let list = admin.get("/api/storage/buckets").await.expect(200).json();
        assert_eq!(list.as_array().unwrap().len(), 1);
        assert_eq!((&list[0]["name"], &list[0]["public"]), (&json!("quiet"), &json!(true)));
        assert!(list[0]["createdAt"].as_str().unwrap().ends_with('Z'));

        put(&admin, "quiet", "a.txt", b"a", "text/plain").await.expect(200).json();
        admin.delete("/api/storage/buckets/quiet").await.expect(200).json();
        let gone = app.nobody().get("/api/storage/buckets/quiet/objects/a.txt").await;
        assert_eq!(error(&gone), (401, "AUTH_INVALID_CREDENTIALS".to_owned()));
        for refused in [
            admin.delete("/api/storage/buckets/quiet").await,
            admin.patch("/api/storage/buckets/quiet", json!({ "isPublic": true })).await,
            admin.get("/api/storage/buckets/quiet/objects/a.txt").await,
        ] {
            assert_eq!(error(&refused), (404, "STORAGE_NOT_FOUND".to_owned()), "{}", refused.asked);
        }
    }
}

on_each_database! {
    async fn only_administrators_manage(app: TestApp) {
        bucket(&app, "b", false).await;
        let ada = app.user("ada@example.com").await;
        for (caller, status, code) in [
            (&ada, 403, "AUTH_UNAUTHORIZED"),
            (&app.anonymous(), 401, "AUTH_UNAUTHORIZED"),
            (&app.nobody(), 401, "AUTH_INVALID_CREDENTIALS"),
        ] {
            for refused in [
                caller.get("/api/storage/buckets").await,
                caller.post("/api/storage/buckets", json!({ "bucketName": "c" })).await,
                caller.patch("/api/storage/buckets/b", json!({ "isPublic": true })).await,
                caller.delete("/api/storage/buckets/b").await,
                caller.get("/api/storage/config").await,
                caller.put("/api/storage/config", json!({ "maxFileSizeMb": 1 })).await,
            ] {
                assert_eq!(error(&refused), (status, code.to_owned()), "{}", refused.asked);
            }
        }
    }
}

on_each_database! {
    async fn the_limit_of_a_file_is_shown_set_and_kept(app: TestApp) {
        let admin = app.service();
        let shown = admin.get("/api/storage/config").await.expect(200).json();
        assert_eq!(shown["maxFileSizeMb"], 10);
        for wrong in [json!(0), json!(201), json!(-1), json!(1.5), json!("7"), json!(null)] {
            let refused = admin.put("/api/storage/config", json!({ "maxFileSizeMb": wrong })).await;
            assert_eq!(error(&refused), (400, "STORAGE_INVALID_PARAMETER".to_owned()), "{wrong}");
        }
        let set = admin.put("/api/storage/config", json!({ "maxFileSizeMb": 1 })).await.expect(200).json();
        assert_eq!((&set["maxFileSizeMb"], &set["id"]), (&json!(1), &shown["id"]));
        bucket(&app, "b", false).await;
        let large = vec![7; 1024 * 1024 + 1];
        let refused = put(&admin, "b", "large", &large, "application/x-thing").await;
        assert_eq!(error(&refused), (413, "STORAGE_INVALID_PARAMETER".to_owned()));
        put(&admin, "b", "fits", &large[1..], "application/x-thing").await.expect(200).json();
    }
}
