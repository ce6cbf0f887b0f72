//! Every wrong use and its documented answer.

use busbar_testkit::on_each_database;
use serde_json::{Value, json};

use crate::bed::{Bed, PASSWORD};

on_each_database! {
    async fn every_wrong_use_has_its_documented_answer(app: TestApp) {
        let bed = Bed::over(app);
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
}
