//! Accounts as an application uses them: tokens in bodies.

use std::time::Duration;

use busbar_testkit::{Database, Starting, TestApp, cases, on_each_database};
use serde_json::{Value, json};

use crate::bed::{Bed, PASSWORD};

on_each_database! {
    async fn sign_up_answers_a_user_and_a_session_in_compact_json(app: TestApp) {
        let bed = Bed::over(app);
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
}

on_each_database! {
    async fn a_session_is_read_refreshed_and_ended_by_its_tokens(app: TestApp) {
        let bed = Bed::over(app);
        let person = bed.person("ada@example.com").await;
        let current = "/api/auth/sessions/current";
        let first = person.text_at("accessToken");
        let read = bed.bearing("GET", current, &first, Value::Null).await;
        assert_eq!(read.body, json!({"user": person.body["user"]}));
        bed.app.clock().advance(Duration::from_secs(900));
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
}

on_each_database! {
    async fn profiles_are_merged_by_their_owner_and_read_by_anybody(app: TestApp) {
        let bed = Bed::over(app);
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
}

#[test]
fn attempts_are_limited_by_address_and_told() {
    let few = |starting: Starting| starting.set("SIGN_IN_LIMIT", "2").set("SIGN_UP_LIMIT", "1");
    cases::run("attempts are limited", Database::Sqlite, few, attempts);
}

async fn attempts(app: TestApp) {
    let bed = Bed::over(app);
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

on_each_database! {
    async fn a_verified_address_is_proven_by_the_mailed_code(app: TestApp) {
        let bed = Bed::over(app);
        let demand = json!({"requireEmailVerification": true});
        let rules = bed.administering("PUT", "/api/auth/config", demand).await;
        assert_eq!(rules.body["requireEmailVerification"], true);
        let body = json!({"email": "ada@example.com", "password": PASSWORD});
        let waiting = bed.bearing("POST", "/api/auth/users", &bed.anon, body.clone()).await;
        assert_eq!(waiting.body, json!({"accessToken": null, "requireEmailVerification": true}));
        let refused = bed.ask("POST", "/api/auth/sessions", &[], body.clone()).await;
        assert_eq!(refused.error(), (403, "FORBIDDEN"));
        let mails = bed.app.mailbox().await;
        assert_eq!(mails[0].to[0].email, "ada@example.com");
        let code = mails[0].subject.split(' ').next().unwrap();
        let proof = json!({"email": "ada@example.com", "otp": code});
        let path = "/api/auth/email/verify?client_type=mobile";
        let verified = bed.ask("POST", path, &[], proof.clone()).await;
        assert_eq!(verified.body["user"]["emailVerified"], true);
        let again = bed.ask("POST", path, &[], proof).await;
        assert_eq!(again.error(), (400, "INVALID_INPUT"));
        assert_eq!(bed.ask("POST", "/api/auth/sessions", &[], body).await.status, 200);
        let nobody = json!({"email": "nobody@example.com"});
        let sent = bed.ask("POST", "/api/auth/email/send-verification", &[], nobody).await;
        assert_eq!(sent.status, 202);
    }
}
