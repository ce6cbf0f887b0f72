//! What every app gets from the platform, seen from outside on the composed program.

use std::time::Duration;

use axum::body::Body;
use busbar_testkit::{Database, TestApp, on_each_database};
use http::Method;

on_each_database! {
    async fn a_request_has_an_id(app: TestApp) {
        let made = app.nobody().get("/health/live").await.expect(200);
        assert!(made.header("x-request-id").len() >= 32, "{:?}", made.headers);
        let echoed = app.nobody().with("x-request-id", "my-id:7").get("/health/live").await;
        assert_eq!(echoed.header("x-request-id"), "my-id:7");
        let hostile = app.nobody().with("x-request-id", "a b<script>").get("/health/live").await;
        assert!(!hostile.header("x-request-id").contains('<'));
    }

    async fn health_names_what_is_up(app: TestApp) {
        assert_eq!(app.nobody().get("/health/live").await.expect(200).json()["status"], "ok");
        assert_eq!(app.nobody().get("/health").await.expect(200).json()["status"], "ok");
        let ready = app.nobody().get("/health/ready").await.expect(200).json();
        let checks = ready["checks"].as_object().expect("ready lists its checks");
        assert_eq!(checks.len(), app.busbar().needs.len());
        assert!(checks.values().all(|state| state == "up"), "{ready}");
    }

    async fn unknown_paths_and_methods_answer_in_the_shape_of_their_app(app: TestApp) {
        let unknown = app.nobody().get("/api/no-such-path").await.expect(404).json();
        assert_eq!(unknown["statusCode"], 404);
        assert!(unknown["error"].is_string(), "{unknown}");
        let unknown = app.nobody().get("/admin/api/no-such-path").await.expect(404).json();
        assert_eq!(unknown["error"]["code"], "request.path_unknown");
        let refused = app.nobody().delete("/api/health").await.expect(405);
        assert_eq!(refused.json()["statusCode"], 405);
        assert!(refused.header("allow").contains("GET"), "{:?}", refused.headers);
    }

    async fn the_reference_is_there_without_the_internet(app: TestApp) {
        let document = app.nobody().get("/openapi.json").await.expect(200).json();
        assert_eq!(document["info"]["title"], "Busbar");
        for page in ["/docs", "/redoc"] {
            let html = app.nobody().get(page).await.expect(200).text();
            assert!(!html.contains("//cdn") && !html.contains("https://"), "{page} loads from elsewhere");
        }
    }

    async fn the_root_leads_to_the_console(app: TestApp) {
        let led = app.nobody().get("/").await.expect(302);
        assert_eq!(led.header("location"), "/admin");
        assert!(led.text().contains("/docs"), "{}", led.text());
    }

    async fn long_answers_are_compressed_when_asked(app: TestApp) {
        let plain = app.nobody().get("/openapi.json").await.expect(200);
        let packed = app.nobody().with("accept-encoding", "gzip").get("/openapi.json").await.expect(200);
        assert_eq!(packed.header("content-encoding"), "gzip");
        assert!(packed.body.len() < plain.body.len() / 2);
    }
}

#[tokio::test]
async fn origins_are_a_list_and_the_console_has_none() {
    let listed = TestApp::on(Database::Sqlite).set("CORS_ORIGIN", "https://app.example.com");
    let app = listed.start().await;
    let ours = app.nobody().with("origin", "https://app.example.com");
    let theirs = app.nobody().with("origin", "https://evil.example");
    let allowed = "access-control-allow-origin";
    assert_eq!(
        ours.get("/api/health").await.expect(200).header(allowed),
        "https://app.example.com"
    );
    assert_eq!(theirs.get("/api/health").await.expect(200).header(allowed), "");
    assert_eq!(ours.get("/admin").await.header(allowed), "");
    let asks = ours
        .with("access-control-request-method", "POST")
        .with("access-control-request-headers", "x-a");
    let preflight = asks
        .send(Method::OPTIONS, "/api/health", &[], Body::empty())
        .await
        .expect(204);
    assert_eq!(preflight.header(allowed), "https://app.example.com");
    assert_eq!(preflight.header("access-control-allow-headers"), "x-a");
    let refused = asks.with("origin", "https://evil.example");
    let refused = refused
        .send(Method::OPTIONS, "/api/health", &[], Body::empty())
        .await;
    assert_eq!(refused.header(allowed), "");
}

#[tokio::test]
async fn too_many_requests_are_told_when_to_come_back() {
    let app = TestApp::on(Database::Sqlite)
        .set("RATE_LIMIT_PER_MINUTE", "3")
        .start()
        .await;
    for _ in 0..3 {
        let _passed = app.nobody().get("/api/health").await.expect(200);
    }
    let refused = app.nobody().get("/api/health").await.expect(429);
    let seconds: u64 = refused.header("retry-after").parse().unwrap();
    assert!((1..=60).contains(&seconds), "{seconds}");
    let other = app.nobody().from("198.51.100.7".parse().unwrap());
    let _counted_apart = other.get("/api/health").await.expect(200);
    app.clock().advance(Duration::from_secs(seconds));
    let _passed = app.nobody().get("/api/health").await.expect(200);
}

#[tokio::test]
async fn bodies_have_a_size_and_a_form() {
    let app = TestApp::start(Database::Sqlite).await;
    let caller = app.anonymous();
    let path = "/api/auth/sessions";
    let large = serde_json::json!({ "email": "a@example.com", "password": "x".repeat(1_000_000) });
    let refused = caller.post(path, large).await.expect(413).json();
    assert_eq!(refused["statusCode"], 413);
    let json = [("content-type", "application/json")];
    let malformed = caller
        .send(Method::POST, path, &json, Body::from("{"))
        .await
        .expect(400)
        .json();
    assert_eq!(malformed["error"], "INVALID_INPUT");
    let untyped = caller
        .post(path, serde_json::json!({ "email": 7 }))
        .await
        .expect(400)
        .json();
    assert!(
        untyped["message"].as_str().unwrap().contains("email"),
        "{untyped}"
    );
}

#[test]
fn ready_names_the_database_that_is_gone() {
    let name = "ready_names_the_database_that_is_gone";
    busbar_testkit::cases::run(
        name,
        Database::Postgres,
        |starting| starting,
        |app| async move {
            let _up = app.nobody().get("/health/ready").await.expect(200);
            app.database().unwrap().vanish().await;
            app.clock().advance(Duration::from_secs(60));
            let down = app.nobody().get("/health/ready").await.expect(503).json();
            assert_eq!(down["checks"]["database"], "down", "{down}");
            assert_eq!(down["checks"]["cache"], "up", "{down}");
            let _alive = app.nobody().get("/health/live").await.expect(200);
        },
    );
}

#[tokio::test]
async fn the_same_over_a_real_connection() {
    let app = TestApp::start(Database::Sqlite).await;
    let listening = app.listen().await;
    let caller = app.nobody().over(&listening);
    let answer = caller.get("/api/health").await.expect(200);
    assert_eq!(answer.json()["status"], "ok");
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert!(!answer.header("x-request-id").is_empty());
    listening.stop().await;
}
