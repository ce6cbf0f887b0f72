//! What administrators do with people and rules.

use busbar_testkit::on_each_database;
use serde_json::{Value, json};

use crate::bed::{Bed, PASSWORD};

on_each_database! {
    async fn people_are_listed_shown_and_deleted(app: TestApp) {
        let bed = Bed::over(app);
        for email in ["ada@example.com", "bob@example.com"] {
            bed.person(email).await;
            bed.app.clock().advance(std::time::Duration::from_secs(1));
        }
        let page = bed
            .administering("GET", "/api/auth/users?limit=1", Value::Null)
            .await;
        assert_eq!(
            page.body["pagination"],
            json!({"offset": 0, "limit": 1, "total": 2})
        );
        assert_eq!(page.body["data"][0]["email"], "bob@example.com");
        let found = bed
            .administering("GET", "/api/auth/users?search=ADA%40", Value::Null)
            .await;
        let id = found.body["data"][0]["id"].as_str().unwrap().to_owned();
        assert_eq!(
            found.body["pagination"],
            json!({"offset": 0, "limit": 10, "total": 1})
        );
        let path = format!("/api/auth/users/{id}");
        assert_eq!(
            bed.administering("GET", &path, Value::Null).await.body["email"],
            "ada@example.com"
        );
        let ids = json!({"userIds": [id, "01890000-0000-7000-8000-000000000000"]});
        let deleted = bed.administering("DELETE", "/api/auth/users", ids).await;
        assert_eq!(deleted.body["deletedCount"], 1);
        assert_eq!(
            bed.administering("GET", &path, Value::Null).await.error(),
            (404, "AUTH_USER_NOT_FOUND")
        );
    }
}

on_each_database! {
    async fn whoever_an_administrator_signs_up_gets_no_session_of_theirs(app: TestApp) {
        let bed = Bed::over(app);
        let body = json!({"email": "ada@example.com", "password": PASSWORD, "autoConfirm": true});
        for (client, email) in [("web", "ada@example.com"), ("mobile", "bob@example.com")] {
            let mut body = body.clone();
            body["email"] = email.into();
            let path = format!("/api/auth/users?client_type={client}");
            let answer = bed.administering("POST", &path, body).await;
            assert_eq!(
                (answer.status.as_u16(), &answer.body["user"]["emailVerified"]),
                (200, &json!(true))
            );
            assert!(answer.cookies().is_empty());
            assert!(answer.body.get("csrfToken").is_none() && answer.body.get("refreshToken").is_none());
        }
        let body = json!({"email": "eve@example.com", "password": PASSWORD, "autoConfirm": true});
        let answer = bed.bearing("POST", "/api/auth/users", &bed.anon, body).await;
        assert_eq!(answer.body["user"]["emailVerified"], false);
    }
}

on_each_database! {
    async fn the_rules_are_public_and_changed_by_administrators(app: TestApp) {
        let bed = Bed::over(app);
        let read = bed.ask("GET", "/api/auth/public-config", &[], Value::Null).await;
        let rules = json!({
            "oAuthProviders": [], "customOAuthProviders": [], "requireEmailVerification": false,
            "passwordMinLength": 6, "requireNumber": false, "requireLowercase": false, "requireUppercase": false,
            "requireSpecialChar": false, "verifyEmailMethod": "code", "resetPasswordMethod": "code",
            "disableSignup": false,
        });
        assert_eq!(read.body, rules);
        let whole = bed.administering("GET", "/api/auth/config", Value::Null).await;
        assert_eq!(whole.body["id"], "00000000-0000-0000-0000-000000000000");
        let change = json!({"disableSignup": true, "allowedRedirectUrls": ["https://a.example/*"]});
        let changed = bed.administering("PUT", "/api/auth/config", change).await;
        assert_eq!(
            changed.body["allowedRedirectUrls"],
            json!(["https://a.example/*"])
        );
        assert_eq!(
            (&changed.body["disableSignup"], &changed.body["passwordMinLength"]),
            (&json!(true), &json!(6))
        );
        let body = json!({"email": "ada@example.com", "password": PASSWORD});
        let refused = bed.bearing("POST", "/api/auth/users", &bed.anon, body).await;
        assert_eq!(refused.error(), (403, "AUTH_SIGNUP_DISABLED"));
    }
}

on_each_database! {
    async fn keys_are_published_and_told(app: TestApp) {
        let bed = Bed::over(app);
        for path in ["/.well-known/jwks.json", "/api/.well-known/jwks.json"] {
            let keys = bed.ask("GET", path, &[], Value::Null).await;
            assert_eq!(
                (&keys.body["keys"][0]["kty"], &keys.body["keys"][0]["alg"]),
                (&json!("RSA"), &json!("RS256"))
            );
            assert!(keys.body["keys"][0].get("d").is_none());
        }
        let told = bed
            .administering("POST", "/api/auth/tokens/anon", Value::Null)
            .await;
        assert_eq!(told.text_at("accessToken"), bed.anon);
    }
}
