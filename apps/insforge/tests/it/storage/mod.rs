//! Storage over HTTP: buckets, objects and links as InsForge's clients use them.

mod buckets;
mod downloads;
mod hostile;
mod policies;
mod uploads;

use busbar_testkit::{Answer, Caller, TestApp};
use http::Method;
use serde_json::json;

const BOUNDARY: &str = "----the-boundary";

/// A form with one field, as browsers write it.
fn form(field: &str, name: &str, content_type: &str, content: &[u8]) -> Vec<u8> {
    let head = format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nbefore\r\n\
         --{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\n\
         Content-Type: {content_type}\r\n\r\n"
    );
    let tail = format!("\r\n--{BOUNDARY}--\r\n");
    [head.as_bytes(), content, tail.as_bytes()].concat()
}

async fn send_form(caller: &Caller, method: Method, path: &str, body: Vec<u8>) -> Answer {
    let content_type = format!("multipart/form-data; boundary={BOUNDARY}");
    caller
        .send(method, path, &[("content-type", &content_type)], body)
        .await
}

/// Uploads under a key that is written into the path as it is.
async fn put(caller: &Caller, bucket: &str, key: &str, content: &[u8], content_type: &str) -> Answer {
    let path = format!("/api/storage/buckets/{bucket}/objects/{key}");
    send_form(
        caller,
        Method::PUT,
        &path,
        form("file", "name.bin", content_type, content),
    )
    .await
}

async fn bucket(app: &TestApp, name: &str, public: bool) -> String {
    let body = json!({ "bucketName": name, "isPublic": public });
    let made = app.service().post("/api/storage/buckets", body).await.expect(201);
    assert_eq!(made.json()["isPublic"], public);
    name.to_owned()
}

fn error(answer: &Answer) -> (u16, String) {
    let code = answer.json()["error"].as_str().unwrap_or("none").to_owned();
    assert_eq!(
        answer.json()["statusCode"],
        answer.status.as_u16(),
        "{}",
        answer.text()
    );
    (answer.status.as_u16(), code)
}

/// What follows the host.
fn path_of(url: &str) -> &str {
    let (_, rest) = url.split_once("://").unwrap();
    &rest[rest.find('/').unwrap()..]
}
