//! What the edge and the guards do.

use busbar_platform::{Mount, compose};
use tower::ServiceExt;

use crate::toy::{app, ask, edge, request};

#[tokio::test]
async fn nobody_and_strangers_are_refused_and_the_service_passes() {
    let (status, _, body) = ask(&[], request("GET", "/things", &[], "")).await;
    assert_eq!(
        (status.as_u16(), &body["error"]["code"]),
        (401, &"access.no_credential".into())
    );
    let (status, ..) = ask(&[], request("GET", "/things", &[("x-api-key", "wrong")], "")).await;
    assert_eq!(status, 401);
    let (status, ..) = ask(&[], request("GET", "/things", &[("x-api-key", "anon")], "")).await;
    assert_eq!(status, 403);
    let (status, _, body) = ask(&[], request("GET", "/things", &[("x-api-key", "key")], "")).await;
    assert_eq!((status.as_u16(), &body["actor"]), (200, &"toy".into()));
}

#[tokio::test]
async fn bad_input_names_its_field() {
    let key = [("x-api-key", "key")];
    let (status, _, body) = ask(&[], request("POST", "/things", &key, r#"{"count":"x"}"#)).await;
    assert_eq!((status.as_u16(), &body["error"]["field"]), (400, &"count".into()));
    let (status, _, body) = ask(&[], request("GET", "/paged?limit=-1", &[], "")).await;
    assert_eq!((status.as_u16(), &body["error"]["field"]), (400, &"limit".into()));
    let (status, ..) = ask(
        &[],
        request("POST", "/small", &[], r#"{"a":"0123456789012345678901234"}"#),
    )
    .await;
    assert_eq!(status, 413);
    let (status, ..) = ask(&[], request("POST", "/small", &[], r#"{"a":"0"}"#)).await;
    assert_eq!(status, 200);
}

#[tokio::test]
async fn a_limit_answers_429_with_the_time_to_wait() {
    let front = compose(vec![(app(), Mount::root())], &edge(&[])).unwrap().front;
    for _ in 0..2 {
        let response = front
            .clone()
            .oneshot(request("GET", "/limited", &[], ""))
            .await
            .unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["ratelimit-limit"], "2");
    }
    let response = front.oneshot(request("GET", "/limited", &[], "")).await.unwrap();
    assert_eq!(response.status(), 429);
    assert_eq!(response.headers()["retry-after"], "60");
}

#[tokio::test]
async fn our_own_faults_show_nothing() {
    for path in ["/panic", "/broken"] {
        let (status, _, body) = ask(&[], request("GET", path, &[], "")).await;
        assert_eq!(status, 500, "{path}");
        assert!(!body.to_string().contains("secret"), "{path} shows {body}");
        assert!(body["error"]["requestId"].is_string());
    }
    let (status, ..) = ask(&[], request("GET", "/slow", &[], "")).await;
    assert_eq!(status, 504);
}

#[tokio::test]
async fn every_answer_carries_an_id_the_clients_own_where_it_is_plain() {
    let (_, response, _) = ask(&[], request("GET", "/nowhere", &[("x-request-id", "mine-1")], "")).await;
    assert_eq!(response.headers()["x-request-id"], "mine-1");
    let (status, response, _) = ask(
        &[],
        request("GET", "/nowhere", &[("x-request-id", "a b<script>")], ""),
    )
    .await;
    assert_eq!(status, 404);
    assert_eq!(response.headers()["x-request-id"].len(), 36);
    let (status, ..) = ask(&[], request("DELETE", "/things", &[], "")).await;
    assert_eq!(status, 405);
}

#[tokio::test]
async fn origins_are_told_only_when_listed() {
    let listed = [("CORS_ORIGIN", "https://a.example")];
    let (_, response, _) = ask(
        &listed,
        request("GET", "/paged", &[("origin", "https://a.example")], ""),
    )
    .await;
    assert_eq!(
        response.headers()["access-control-allow-origin"],
        "https://a.example"
    );
    let (_, response, _) = ask(
        &listed,
        request("GET", "/paged", &[("origin", "https://b.example")], ""),
    )
    .await;
    assert!(!response.headers().contains_key("access-control-allow-origin"));
    let asks = [
        ("origin", "https://b.example"),
        ("access-control-request-method", "PUT"),
    ];
    let (status, response, _) = ask(&[], request("OPTIONS", "/things", &asks, "")).await;
    assert_eq!(status, 204);
    assert_eq!(
        response.headers()["access-control-allow-origin"],
        "https://b.example"
    );
}

#[tokio::test]
async fn internal_routes_open_to_the_key_and_to_this_machine() {
    let (status, ..) = ask(&[], request("GET", "/inside", &[], "")).await;
    assert_eq!(status, 200, "this machine is on the list in development and test");
    let (status, ..) = ask(
        &[],
        request("GET", "/inside", &[("x-forwarded-for", "127.0.0.1")], ""),
    )
    .await;
    assert_eq!(status, 403, "a claimed address counted");
    let key = "k".repeat(32);
    let rules = [
        ("INTERNAL_API_KEY", key.as_str()),
        ("INTERNAL_IP_ALLOWLIST", "10.0.0.1"),
    ];
    let (status, ..) = ask(&rules, request("GET", "/inside", &[("x-internal-key", &key)], "")).await;
    assert_eq!(status, 200);
    let (status, ..) = ask(
        &rules,
        request("GET", "/inside", &[("x-internal-key", "wrong")], ""),
    )
    .await;
    assert_eq!(status, 403);
}
