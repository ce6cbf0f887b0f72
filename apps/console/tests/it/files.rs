//! Previews, signed links and access keys.

use busbar_testkit::{Caller, on_each_database};
use http::Method;
use serde_json::json;

const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0\x90wS\xde";

async fn upload(operator: &Caller, key: &str, kind: &str, bytes: &[u8]) {
    let mut body = format!(
        "--edge\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{key}\"\r\ncontent-type: {kind}\r\n\r\n"
    )
    .into_bytes();
    body.extend_from_slice(bytes);
    body.extend_from_slice(b"\r\n--edge--\r\n");
    let path = format!("/admin/api/buckets/shelf/objects/{}", key.replace(' ', "%20"));
    let headers = [("content-type", "multipart/form-data; boundary=edge")];
    let _ = operator
        .send(Method::PUT, &path, &headers, body)
        .await
        .expect(200);
}

on_each_database! {
    async fn a_preview_shows_pictures_and_runs_nothing(app: TestApp) {
        let operator = app.operator().await;
        let bucket = json!({"bucketName": "shelf", "isPublic": false});
        let _ = operator.post("/admin/api/buckets", bucket).await.expect(201);
        upload(&operator, "a.png", "image/png", PICTURE).await;
        upload(&operator, "b.html", "text/html", b"<script>alert(1)</script>").await;
        upload(&operator, "c.pdf", "application/pdf", b"%PDF-1.4\n%%EOF").await;
        let preview = "/admin/api/buckets/shelf/preview";
        let shown = operator.get(&format!("{preview}/a.png")).await.expect(200);
        assert_eq!((shown.header("content-type"), &shown.body[..]), ("image/png", PICTURE));
        assert!(shown.header("content-security-policy").starts_with("sandbox;"), "{:?}", shown.headers);
        assert_eq!(shown.header("x-content-type-options"), "nosniff");
        let part = operator.clone().with("range", "bytes=1-3").get(&format!("{preview}/a.png")).await.expect(206);
        assert_eq!((&part.body[..], part.header("content-range")), (&b"PNG"[..], &*format!("bytes 1-3/{}", PICTURE.len())));
        let document = operator.get(&format!("{preview}/c.pdf")).await.expect(200);
        assert!(document.header("content-security-policy").starts_with("default-src 'none'"));
        let refused = operator.get(&format!("{preview}/b.html")).await.expect(405).json();
        assert_eq!(refused["error"]["code"], "console.no_preview");
        let _ = operator.get(&format!("{preview}/nowhere.png")).await.expect(404);
        let _ = app.nobody().get(&format!("{preview}/a.png")).await.expect(401);
    }

    async fn a_signed_link_opens_one_file_without_a_credential(app: TestApp) {
        let operator = app.operator().await;
        let bucket = json!({"bucketName": "shelf", "isPublic": false});
        let _ = operator.post("/admin/api/buckets", bucket).await.expect(201);
        upload(&operator, "a b.txt", "text/plain", b"hello").await;
        let links = "/admin/api/buckets/shelf/links";
        let asked = json!({"key": "a b.txt", "expiresIn": 60});
        let link = operator.post(links, asked).await.expect(201).json();
        let url = link["url"].as_str().unwrap_or_default();
        assert_eq!(app.nobody().get(url).await.expect(200).text(), "hello", "{url}");
        let plain = url.split('?').next().unwrap_or_default();
        let closed = app.nobody().get(plain).await;
        assert!(closed.status.is_client_error(), "{}", closed.status);
        let _ = operator.post(links, json!({"key": "nowhere.txt"})).await.expect(404);
    }

    async fn an_access_key_tells_its_secret_once(app: TestApp) {
        let operator = app.operator().await;
        let keys = "/admin/api/access-keys";
        let asked = json!({"description": "backup"});
        let made = operator.post(keys, asked).await.expect(201).json();
        let secret = made["secretAccessKey"].as_str().unwrap_or_default();
        assert!(secret.len() >= 32, "{made}");
        let listed = operator.get(keys).await.expect(200);
        assert!(!listed.text().contains(secret));
        let listed = listed.json();
        assert_eq!(listed["endpoint"], "/storage/v1/s3");
        assert_eq!(listed["keys"][0]["accessKeyId"], made["accessKeyId"]);
        let path = format!("{keys}/{}", made["id"].as_str().unwrap_or_default());
        let _ = operator.delete(&path).await.expect(204);
        let _ = operator.delete(&path).await.expect(404);
        assert_eq!(operator.get(keys).await.expect(200).json()["keys"], json!([]));
    }
}
