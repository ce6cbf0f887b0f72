//! Accounts as an application uses them: tokens in bodies.

use std::time::Duration;

use busbar_insforge::config::Budgets;
use busbar_platform::Mount;
use serde_json::{Value, json};

use crate::bed::{Bed, PASSWORD};

#[tokio::test(flavor = "multi_thread")]
async fn sign_up_answers_a_user_and_a_session_in_compact_json() {
    let bed = Bed::open().await;
    let answer = bed.person("Ada@Example.com").await;
    assert!(answer.text.contains("\"accessToken\":\"ey"));
    assert_eq!(answer.headers["content-type"], "application/json; charset=utf-8");
    assert_eq!(answer.headers["cache-control"], "no-store");
    assert!(answer.cookies().is_empty());
    let user = &answer.body["user"];
    let fields: Vec<_> = user.as_object().unwrap().keys().map(String::as_str).collect();
    let expected = [
        "id",
        "email",
        "emailVerified",
        "createdAt",
        "updatedAt",
        "providers",
        "profile",
        "metadata",
    ];
    assert_eq!(fields, expected);
    assert_eq!(user["email"], "ada@example.com");
    assert_eq!(user["createdAt"], "2026-01-01T00:00:00.000Z");
    assert_eq!(
        (&user["providers"], &user["profile"]),
        (&json!(["email"]), &json!({"name": "Ada"}))
    );
    assert_eq!(answer.body["requireEmailVerification"], false);
    assert!(answer.body["refreshToken"].is_string() && answer.body.get("csrfToken").is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn every_wrong_use_has_its_documented_answer() {
    let bed = Bed::open().await;
    let person = bed.person("ada@example.com").await;
    let token = person.text_at("accessToken");
    let (anon, api) = (bed.anon.as_str(), bed.api.as_str());
    let good = json!({"email": "bob@example.com", "password": PASSWORD});
    let with = |name: &str, value: Value| {
        let mut body = good.clone();
        body[name] = value;
        body
    };
    let users = "/api/auth/users";
    let sessions = "/api/auth/sessions";
    let current = "/api/auth/sessions/current";
    for (method, path, bearer, body, status, code, message) in [
        (
            "POST",
            users,
            None,
            good.clone(),
            401,
            "AUTH_INVALID_CREDENTIALS",
            "No token provided",
        ),
        (
            "GET",
            users,
            None,
            Value::Null,
            401,
            "AUTH_INVALID_CREDENTIALS",
            "No admin token provided",
        ),
        (
            "POST",
            users,
            Some("garbage"),
            good.clone(),
            401,
            "AUTH_UNAUTHORIZED",
            "Invalid token",
        ),
        (
            "POST",
            users,
            Some("anon_x"),
            good.clone(),
            401,
            "AUTH_INVALID_CREDENTIALS",
            "Invalid anon key",
        ),
        (
            "POST",
            users,
            Some("ik_x"),
            good.clone(),
            401,
            "AUTH_INVALID_API_KEY",
            "Invalid API key",
        ),
        (
            "POST",
            users,
            Some(anon),
            with("email", json!("bob")),
            400,
            "INVALID_INPUT",
            "email: Invalid email",
        ),
        (
            "POST",
            users,
            Some(anon),
            with("password", json!("x")),
            400,
            "INVALID_INPUT",
            "Password must be at least 6",
        ),
        (
            "POST",
            users,
            Some(anon),
            json!({"email": "bob@example.com"}),
            400,
            "INVALID_INPUT",
            "password: Required",
        ),
        (
            "POST",
            users,
            Some(anon),
            with("email", json!("ADA@example.com")),
            409,
            "AUTH_EMAIL_EXISTS",
            "",
        ),
        (
            "GET",
            users,
            Some(&*token),
            Value::Null,
            403,
            "AUTH_UNAUTHORIZED",
            "Admin access required",
        ),
        (
            "GET",
            users,
            Some(anon),
            Value::Null,
            401,
            "AUTH_UNAUTHORIZED",
            "Invalid token",
        ),
        (
            "GET",
            "/api/auth/users?limit=-1",
            Some(api),
            Value::Null,
            400,
            "INVALID_INPUT",
            "limit: ",
        ),
        (
            "GET",
            "/api/auth/users/nobody",
            Some(api),
            Value::Null,
            400,
            "INVALID_INPUT",
            "userId: ",
        ),
        (
            "POST",
            sessions,
            None,
            with("email", json!("ada@example.com")),
            200,
            "none",
            "",
        ),
        (
            "POST",
            sessions,
            None,
            good.clone(),
            401,
            "AUTH_UNAUTHORIZED",
            "Invalid credentials",
        ),
        (
            "POST",
            sessions,
            None,
            json!({"email": "ada@example.com"}),
            400,
            "INVALID_INPUT",
            "password: Required",
        ),
        (
            "POST",
            sessions,
            None,
            with("method", json!("otp")),
            400,
            "INVALID_INPUT",
            "method: ",
        ),
        (
            "GET",
            current,
            Some(anon),
            Value::Null,
            401,
            "AUTH_UNAUTHORIZED",
            "Invalid token",
        ),
        (
            "GET",
            current,
            Some(api),
            Value::Null,
            401,
            "AUTH_UNAUTHORIZED",
            "Invalid token",
        ),
        (
            "GET",
            current,
            None,
            Value::Null,
            401,
            "AUTH_INVALID_CREDENTIALS",
            "No token provided",
        ),
        (
            "POST",
            "/api/auth/refresh?client_type=mobile",
            None,
            json!({}),
            400,
            "INVALID_INPUT",
            "refreshToken: ",
        ),
        (
            "POST",
            "/api/auth/refresh?client_type=mobile",
            None,
            json!({"refreshToken": token}),
            401,
            "AUTH_UNAUTHORIZED",
            "Invalid refresh token",
        ),
        (
            "POST",
            "/api/auth/refresh",
            None,
            json!({}),
            401,
            "AUTH_UNAUTHORIZED",
            "No refresh token provided",
        ),
        (
            "GET",
            "/api/auth/profiles/nobody",
            None,
            Value::Null,
            400,
            "INVALID_INPUT",
            "userId: ",
        ),
        (
            "GET",
            "/api/auth/profiles/01890000-0000-7000-8000-000000000000",
            None,
            Value::Null,
            404,
            "AUTH_USER_NOT_FOUND",
            "User not found",
        ),
        (
            "PATCH",
            "/api/auth/profiles/current",
            Some(&*token),
            json!({"profile": 1}),
            400,
            "INVALID_INPUT",
            "profile: ",
        ),
        (
            "PATCH",
            "/api/auth/profiles/current",
            Some(anon),
            json!({"profile": {}}),
            401,
            "AUTH_UNAUTHORIZED",
            "",
        ),
        (
            "PUT",
            "/api/auth/config",
            Some(api),
            json!({"requireEmailVerification": true}),
            400,
            "EMAIL_PROVIDER_NOT_CONFIGURED",
            "",
        ),
        (
            "PUT",
            "/api/auth/config",
            Some(api),
            json!({"passwordMinLength": 3}),
            400,
            "INVALID_INPUT",
            "passwordMinLength: ",
        ),
        (
            "POST",
            "/api/auth/email/verify",
            None,
            json!({"email": "ada@example.com", "otp": "123456"}),
            400,
            "INVALID_INPUT",
            "Invalid or expired verification code",
        ),
        (
            "DELETE",
            users,
            Some(api),
            json!({"userIds": ["x"]}),
            400,
            "INVALID_INPUT",
            "userIds.0: ",
        ),
    ] {
        let answer = match bearer {
            Some(bearer) => bed.bearing(method, path, bearer, body).await,
            None => bed.ask(method, path, &[], body).await,
        };
        assert_eq!(answer.error(), (status, code), "{method} {path}: {}", answer.text);
        let said = answer.body["message"].as_str().unwrap_or_default();
        assert!(
            said.starts_with(message),
            "{method} {path}: {said:?} is not {message:?}"
        );
        if status != 200 {
            assert_eq!(answer.body["statusCode"], status);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_is_read_refreshed_and_ended_by_its_tokens() {
    let bed = Bed::open().await;
    let person = bed.person("ada@example.com").await;
    let current = "/api/auth/sessions/current";
    let first = person.text_at("accessToken");
    let read = bed.bearing("GET", current, &first, Value::Null).await;
    assert_eq!(read.body, json!({"user": person.body["user"]}));
    bed.clock.advance(Duration::from_secs(900));
    let expired = bed.bearing("GET", current, &first, Value::Null).await;
    assert_eq!(expired.error(), (401, "AUTH_UNAUTHORIZED"));
    assert_eq!(expired.body["message"], "Invalid token");
    let body = json!({"refresh_token": person.text_at("refreshToken")});
    let refreshed = bed
        .ask("POST", "/api/auth/refresh?client_type=server", &[], body)
        .await;
    assert_eq!(
        (refreshed.status.as_u16(), &refreshed.body["user"]),
        (200, &person.body["user"])
    );
    let second = refreshed.text_at("accessToken");
    let out = bed
        .bearing(
            "POST",
            "/api/auth/logout?client_type=mobile",
            &second,
            Value::Null,
        )
        .await;
    assert_eq!(out.body["success"], true);
    assert_eq!(
        bed.bearing("GET", current, &second, Value::Null).await.status,
        401
    );
    let body = json!({"refreshToken": refreshed.text_at("refreshToken")});
    let over = bed
        .ask("POST", "/api/auth/refresh?client_type=mobile", &[], body)
        .await;
    assert_eq!(over.error(), (401, "AUTH_UNAUTHORIZED"));
}

#[tokio::test(flavor = "multi_thread")]
async fn profiles_are_merged_by_their_owner_and_read_by_anybody() {
    let bed = Bed::open().await;
    let person = bed.person("ada@example.com").await;
    let token = person.text_at("accessToken");
    let set = json!({"profile": {"bio": "counts"}});
    let set = bed
        .bearing("PATCH", "/api/auth/profiles/current", &token, set)
        .await;
    let id = person.body["user"]["id"].as_str().unwrap();
    assert_eq!(
        set.body,
        json!({"id": id, "profile": {"name": "Ada", "bio": "counts"}})
    );
    let read = bed
        .ask("GET", &format!("/api/auth/profiles/{id}"), &[], Value::Null)
        .await;
    assert_eq!(read.body, set.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn attempts_are_limited_by_address_and_told() {
    let bed = Bed::mounted(
        Mount::root(),
        Budgets {
            sign_in: 2,
            sign_up: 1,
        },
    )
    .await;
    bed.person("ada@example.com").await;
    let body = json!({"email": "bob@example.com", "password": PASSWORD});
    let again = bed.bearing("POST", "/api/auth/users", &bed.anon, body).await;
    assert_eq!(again.error(), (429, "TOO_MANY_REQUESTS"));
    let body = json!({"email": "ada@example.com", "password": "wrong"});
    for left in ["1", "0"] {
        let answer = bed.ask("POST", "/api/auth/sessions", &[], body.clone()).await;
        assert_eq!(answer.status, 401);
        assert_eq!(
            answer
                .headers
                .get("ratelimit-remaining")
                .map_or("", |left| left.to_str().unwrap()),
            left
        );
    }
    let limited = bed.ask("POST", "/api/auth/sessions", &[], body).await;
    assert_eq!(limited.error(), (429, "TOO_MANY_REQUESTS"));
    assert_eq!(limited.headers["retry-after"], "900");
}
