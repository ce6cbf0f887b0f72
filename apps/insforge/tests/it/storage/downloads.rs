//! Files read: whole, in parts, on condition, by link.

use std::time::Duration;

use busbar_testkit::on_each_database;
use http::Method;
use serde_json::json;

use super::{bucket, error, path_of, put};

const PATH: &str = "/api/storage/buckets/b/objects/digits.bin";

on_each_database! {
    async fn parts_and_conditions_follow_the_standard(app: TestApp) {
        bucket(&app, "b", true).await;
        put(&app.service(), "b", "digits.bin", b"0123456789", "text/plain").await.expect(200).json();
        let nobody = app.nobody();
        let whole = nobody.get(PATH).await.expect(200);
        assert_eq!(whole.text(), "0123456789");
        for (name, value) in [
            ("content-type", "text/plain"),
            ("content-length", "10"),
            ("accept-ranges", "bytes"),
            ("x-content-type-options", "nosniff"),
            ("content-security-policy", "sandbox"),
            ("cache-control", "public, no-cache"),
            ("etag", "\"781e5e245d69b566979b86e28d23f2c7\""),
            ("last-modified", "Thu, 01 Jan 2026 00:00:00 GMT"),
            ("content-disposition", ""),
        ] {
            assert_eq!(whole.header(name), value, "{name}");
        }
        let tag = whole.header("etag").to_owned();
        let ask = async |headers: &[(&str, &str)]| nobody.send(Method::GET, PATH, headers, "").await;
        for (range, text, told) in [
            ("bytes=2-5", "2345", "bytes 2-5/10"),
            ("bytes=-3", "789", "bytes 7-9/10"),
            ("bytes=8-", "89", "bytes 8-9/10"),
        ] {
            let part = ask(&[("range", range)]).await.expect(206);
            assert_eq!((part.text().as_str(), part.header("content-range")), (text, told));
            assert_eq!(part.header("content-length"), text.len().to_string());
        }
        let beyond = ask(&[("range", "bytes=10-")]).await.expect(416);
        assert_eq!((beyond.header("content-range"), beyond.text().as_str()), ("bytes */10", ""));
        assert_eq!(ask(&[("range", "bytes=a-b")]).await.expect(200).text(), "0123456789");
        assert_eq!(ask(&[("range", "bytes=0-1"), ("if-range", &tag)]).await.expect(206).text(), "01");
        assert_eq!(ask(&[("range", "bytes=0-1"), ("if-range", "\"old\"")]).await.status, 200);
        for held in [tag.as_str(), "*", &format!("\"x\", W/{tag}")] {
            let same = ask(&[("if-none-match", held)]).await.expect(304);
            assert_eq!((same.text().as_str(), same.header("etag")), ("", tag.as_str()));
        }
        assert_eq!(ask(&[("if-none-match", "\"other\"")]).await.status, 200);
        let head = nobody.send(Method::HEAD, PATH, &[], "").await.expect(200);
        assert_eq!((head.text().as_str(), head.header("content-length")), ("", "10"));
    }
}

on_each_database! {
    async fn a_large_text_leaves_as_it_is_stored(app: TestApp) {
        bucket(&app, "b", true).await;
        let text = "line\n".repeat(50_000);
        put(&app.service(), "b", "digits.bin", text.as_bytes(), "text/plain").await.expect(200).json();
        let answer = app.nobody().send(Method::GET, PATH, &[("accept-encoding", "gzip, br")], "").await.expect(200);
        assert_eq!(answer.header("content-encoding"), "");
        assert_eq!(answer.header("content-length"), text.len().to_string());
        assert_eq!(answer.text(), text);
    }
}

on_each_database! {
    async fn a_private_file_needs_its_owner_an_administrator_or_a_link(app: TestApp) {
        bucket(&app, "b", false).await;
        let (ada, eve) = (app.user("ada@example.com").await, app.user("eve@example.com").await);
        put(&ada, "b", "digits.bin", b"secret", "text/plain").await.expect(200).json();
        put(&ada, "b", "other.bin", b"secret", "text/plain").await.expect(200).json();
        for reader in [&ada, &app.service()] {
            let read = reader.get(PATH).await.expect(200);
            assert_eq!((read.text().as_str(), read.header("cache-control")), ("secret", "private, no-store"));
        }
        for (reader, status, code) in [
            (app.nobody(), 401, "AUTH_INVALID_CREDENTIALS"),
            (app.nobody().bearing("garbage"), 401, "AUTH_UNAUTHORIZED"),
            (app.anonymous(), 403, "FORBIDDEN"),
            (eve.clone(), 404, "STORAGE_NOT_FOUND"),
        ] {
            assert_eq!(error(&reader.get(PATH).await), (status, code.to_owned()), "{}", reader.get(PATH).await.text());
        }

        let strategy = "/api/storage/buckets/b/download-strategy/objects/digits.bin";
        let given = ada.get(&format!("{strategy}?expiresIn=600")).await.expect(200);
        assert_eq!(given.header("cache-control"), "no-store");
        assert_eq!((&given.json()["method"], &given.json()["expiresAt"]), (&json!("presigned"), &json!("2026-01-01T00:10:00.000Z")));
        let url = given.json()["url"].as_str().unwrap().to_owned();
        let link = path_of(&url);
        assert_eq!(app.nobody().get(link).await.expect(200).text(), "secret");
        let elsewhere = link.replace("digits.bin", "other.bin");
        assert_eq!(error(&app.nobody().get(&elsewhere).await), (403, "STORAGE_PERMISSION_DENIED".to_owned()));
        assert_eq!(error(&app.nobody().get(&format!("{link}A")).await), (403, "STORAGE_PERMISSION_DENIED".to_owned()));
        app.clock().advance(Duration::from_secs(600));
        assert_eq!(error(&app.nobody().get(link).await), (403, "STORAGE_PERMISSION_DENIED".to_owned()));

        for wrong in ["soon", "-1", "1.5"] {
            let refused = ada.get(&format!("{strategy}?expiresIn={wrong}")).await;
            assert_eq!(error(&refused), (400, "STORAGE_INVALID_PARAMETER".to_owned()), "{wrong}");
        }
        let longest = ada.get(&format!("{strategy}?expiresIn=99999999")).await.expect(200).json();
        assert_eq!(longest["expiresAt"], "2026-01-08T00:10:00.000Z");
        let old_way = ada.post(&format!("{PATH}/download-strategy"), json!({ "expiresIn": 60 })).await.expect(200).json();
        assert_eq!(old_way["expiresAt"], "2026-01-01T00:11:00.000Z");
        assert_eq!(error(&eve.get(strategy).await), (404, "STORAGE_NOT_FOUND".to_owned()));
        assert_eq!(error(&app.nobody().get(strategy).await), (401, "AUTH_INVALID_CREDENTIALS".to_owned()));
    }
}

on_each_database! {
    async fn a_public_file_is_everybodys_even_behind_a_stale_token(app: TestApp) {
        bucket(&app, "b", true).await;
        put(&app.service(), "b", "digits.bin", b"open", "text/plain").await.expect(200).json();
        for reader in [app.nobody(), app.anonymous(), app.nobody().bearing("stale")] {
            assert_eq!(reader.get(PATH).await.expect(200).text(), "open");
            let strategy = reader.get("/api/storage/buckets/b/download-strategy/objects/digits.bin").await.expect(200).json();
            assert_eq!(strategy["method"], "direct");
            assert_eq!(reader.get(path_of(strategy["url"].as_str().unwrap())).await.expect(200).text(), "open");
            assert_eq!(error(&reader.get("/api/storage/buckets/b/objects/never").await), (404, "STORAGE_NOT_FOUND".to_owned()));
        }
    }
}
