//! What must never work.

use busbar_testkit::{Database, TestApp, cases, on_each_database};
use http::Method;
use serde_json::json;

use super::{bucket, error, form, put, send_form};

on_each_database! {
    async fn nothing_uploaded_can_act_in_a_page(app: TestApp) {
        bucket(&app, "b", true).await;
        let page = b"<!doctype html><script>alert(1)</script>";
        for (key, content, content_type) in [
            ("page.html", &page[..], "text/html"),
            ("page.txt", page, "text/plain"),
            ("page.png", page, "image/png"),
            ("drawing.svg", b"<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>", "image/svg+xml"),
            ("code.js", b"alert(1)", "text/javascript"),
            ("data.xml", b"<?xml version=\"1.0\"?><x/>", "application/xml"),
        ] {
            put(&app.service(), "b", key, content, content_type).await.expect(200).json();
            let answer = app.nobody().get(&format!("/api/storage/buckets/b/objects/{key}")).await.expect(200);
            assert_eq!(answer.header("content-type"), "application/octet-stream", "{key}");
            assert_eq!(answer.header("content-disposition"), format!("attachment; filename*=UTF-8''{key}"));
            assert_eq!(answer.header("content-security-policy"), "sandbox");
            assert_eq!(answer.header("x-content-type-options"), "nosniff");
        }
    }
}

on_each_database! {
    async fn no_key_leaves_its_bucket_and_no_answer_is_a_fault_of_ours(app: TestApp) {
        bucket(&app, "b", true).await;
        let admin = app.service();
        for key in [
            "..%2F..%2Fetc%2Fpasswd",
            "%2e%2e%2fx",
            "../x",
            "a/../../x",
            "a%5C..%5Cx",
            "%2Fetc%2Fpasswd",
            "%00",
            "a%0Ab",
            "%ff",
            "%7F",
            &"k".repeat(1025),
        ] {
            let path = format!("/api/storage/buckets/b/objects/{key}");
            let stored = put(&admin, "b", key, b"x", "text/plain").await;
            assert_eq!(error(&stored), (400, "STORAGE_INVALID_PARAMETER".to_owned()), "{key}");
            for refused in [admin.get(&path).await, admin.delete(&path).await] {
                assert_eq!(error(&refused), (400, "STORAGE_INVALID_PARAMETER".to_owned()), "{}", refused.asked);
            }
        }
        for name in ["..", "a.b", "%2e%2e", "b%00", "b'%20OR%201=1", "%ff"] {
            let stored = put(&admin, name, "k", b"x", "text/plain").await;
            assert_eq!(stored.status.as_u16(), 400, "{name}: {}", stored.text());
        }
        let list = admin.get("/api/storage/buckets/b/objects").await.expect(200).json();
        assert_eq!(list["pagination"]["total"], 0);
        for query in ["limit=-1", "limit=x", "offset=99999999999999999999", "limit=1&offset=-5"] {
            let refused = admin.get(&format!("/api/storage/buckets/b/objects?{query}")).await;
            assert_eq!(error(&refused), (400, "STORAGE_INVALID_PARAMETER".to_owned()), "{query}");
        }
        let beyond = admin.get("/api/storage/buckets/b/objects?limit=5000&offset=9223372036854775807").await.expect(200);
        assert_eq!(beyond.json()["pagination"]["limit"], 1000);
        let escaped = admin.get("/api/storage/buckets/b/objects?prefix=%27%3B--&search=%25_%5C").await.expect(200);
        assert_eq!(escaped.json()["pagination"]["total"], 0);
    }
}

on_each_database! {
    async fn forged_forms_are_refused(app: TestApp) {
        bucket(&app, "b", false).await;
        let admin = app.service();
        let path = "/api/storage/buckets/b/objects/k";
        for (content_type, body) in [
            ("multipart/form-data", form("file", "n", "text/plain", b"x")),
            ("multipart/form-data; boundary=other", form("file", "n", "text/plain", b"x")),
            ("multipart/form-data; boundary=", vec![]),
            ("text/plain", b"x".to_vec()),
        ] {
            let refused = admin.send(Method::PUT, path, &[("content-type", content_type)], body).await;
            assert_eq!(error(&refused), (400, "STORAGE_INVALID_PARAMETER".to_owned()), "{content_type}");
        }
        let odd = send_form(&admin, Method::PUT, path, form("file", "../../n\u{e9}", "nonsense", b"x")).await;
        assert_eq!(odd.expect(200).json()["mimeType"], "application/octet-stream");
    }
}

/// The attack on the row `STORAGE_RLS` and on the row `BUCKETS` of the compatibility table: closed by default,
/// open only by name.
#[test]
fn what_the_original_leaves_open_opens_only_by_name() {
    for original in [false, true] {
        let word = if original { "original" } else { "safe" };
        let prepare = |starting: busbar_testkit::Starting| {
            starting
                .set("INSFORGE_COMPAT_STORAGE_RLS", word)
                .set("INSFORGE_COMPAT_BUCKETS", word)
        };
        cases::run(
            module_path!(),
            Database::Sqlite,
            prepare,
            async move |app: TestApp| {
                let made = app
                    .service()
                    .post("/api/storage/buckets", json!({ "bucketName": "b" }))
                    .await
                    .expect(201);
                assert_eq!(made.json()["isPublic"], original);
                let (ada, eve) = (
                    app.user("ada@example.com").await,
                    app.user("eve@example.com").await,
                );
                put(&ada, "b", "hers", b"x", "text/plain")
                    .await
                    .expect(200)
                    .json();
                let stolen = put(&eve, "b", "hers", b"y", "text/plain").await;
                assert_eq!(stolen.status.as_u16(), if original { 200 } else { 403 });
                let seen = eve.get("/api/storage/buckets/b/objects").await.expect(200).json();
                assert_eq!(seen["pagination"]["total"], u64::from(original));
            },
        );
    }
}
