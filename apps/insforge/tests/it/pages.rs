//! Accounts as a page uses them: the refresh token in a cookie, a CSRF value beside it.

use busbar_testkit::app::{ADMIN_EMAIL, ADMIN_PASSWORD};
use busbar_testkit::{Database, Starting, TestApp, cases, on_each_database};
use serde_json::{Value, json};

use crate::bed::{Bed, PASSWORD};

on_each_database! {
    async fn a_page_signs_in_refreshes_and_signs_out_with_cookie_and_csrf(app: TestApp) {
        let bed = Bed::over(app);
        bed.person("ada@example.com").await;
        let body = json!({"email": "ada@example.com", "password": PASSWORD});
        let signed_in = bed
            .ask("POST", "/api/auth/sessions?client_type=nonsense", &[], body)
            .await;
        assert!(signed_in.body.get("refreshToken").is_none());
        let csrf = signed_in.text_at("csrfToken");
        let [line] = signed_in.cookies()[..] else {
            panic!("one cookie")
        };
        let (cookie, attributes) = line.split_once("; ").unwrap();
        assert!(cookie.starts_with("insforge_refresh_token=rt_"));
        assert_eq!(
            attributes,
            "Max-Age=604800; Path=/api/auth; HttpOnly; Secure; SameSite=None"
        );

        let headers = [("cookie", cookie), ("x-csrf-token", &*csrf)];
        let refreshed = bed.ask("POST", "/api/auth/refresh", &headers, Value::Null).await;
        assert_eq!(
            (refreshed.status.as_u16(), refreshed.text_at("csrfToken")),
            (200, csrf.clone())
        );
        let next = refreshed.cookie();
        assert_ne!(next, cookie);

        for wrong in [
            vec![("cookie", &*next)],
            vec![("cookie", &*next), ("x-csrf-token", "00")],
        ] {
            for path in ["/api/auth/refresh", "/api/auth/logout"] {
                let refused = bed.ask("POST", path, &wrong, Value::Null).await;
                assert_eq!(refused.error(), (403, "FORBIDDEN"));
                assert_eq!(refused.body["message"], "Invalid CSRF token");
                assert!(refused.cookies().is_empty());
            }
        }
        let headers = [("cookie", &*next), ("x-csrf-token", &*csrf)];
        let out = bed.ask("POST", "/api/auth/logout", &headers, Value::Null).await;
        assert_eq!(out.body["success"], true);
        assert!(out.cookies()[0].starts_with("insforge_refresh_token=; Max-Age=0; Path=/api/auth;"));
        let over = bed.ask("POST", "/api/auth/refresh", &headers, Value::Null).await;
        assert_eq!(over.error(), (401, "AUTH_UNAUTHORIZED"));
        assert!(over.cookies()[0].contains("Max-Age=0"));
        let nobody = bed.ask("POST", "/api/auth/logout", &[], Value::Null).await;
        assert_eq!(nobody.body["success"], true);
    }
}

on_each_database! {
    async fn the_operator_has_a_cookie_and_a_path_of_their_own(app: TestApp) {
        let bed = Bed::over(app);
        let body = json!({"username": ADMIN_EMAIL, "password": ADMIN_PASSWORD});
        let signed_in = bed.ask("POST", "/api/auth/admin/sessions", &[], body).await;
        let expected = json!({"sub": format!("local:{ADMIN_EMAIL}")});
        assert_eq!(
            (signed_in.status.as_u16(), &signed_in.body["admin"]),
            (200, &expected)
        );
        let line = signed_in.cookies()[0];
        assert!(
            line.starts_with("insforge_admin_refresh_token=rt_") && line.contains("; Path=/api/auth/admin; ")
        );
        let token = signed_in.text_at("accessToken");
        let current = bed
            .bearing("GET", "/api/auth/admin/sessions/current", &token, Value::Null)
            .await;
        assert_eq!(current.body, json!({"admin": expected}));
        let as_person = bed
            .bearing("GET", "/api/auth/sessions/current", &token, Value::Null)
            .await;
        assert_eq!(as_person.error(), (401, "AUTH_INVALID_CREDENTIALS"));
        assert_eq!(
            bed.bearing("GET", "/api/auth/users", &token, Value::Null)
                .await
                .status,
            200
        );

        let cookie = signed_in.cookie();
        let csrf = signed_in.text_at("csrfToken");
        let as_user = cookie.replace("insforge_admin_refresh_token", "insforge_refresh_token");
        let headers = [("cookie", &*as_user), ("x-csrf-token", &*csrf)];
        let crossed = bed.ask("POST", "/api/auth/refresh", &headers, Value::Null).await;
        assert_eq!(crossed.error(), (401, "AUTH_UNAUTHORIZED"));
        let headers = [("cookie", &*cookie), ("x-csrf-token", &*csrf)];
        let refreshed = bed
            .ask("POST", "/api/auth/admin/refresh", &headers, Value::Null)
            .await;
        assert_eq!(refreshed.text_at("csrfToken"), csrf);
        let next = refreshed.cookie();
        let headers = [("cookie", &*next), ("x-csrf-token", &*csrf)];
        assert_eq!(
            bed.ask("POST", "/api/auth/admin/logout", &headers, Value::Null)
                .await
                .status,
            200
        );
        let over = bed
            .ask("POST", "/api/auth/admin/refresh", &headers, Value::Null)
            .await;
        assert_eq!(over.error(), (401, "AUTH_UNAUTHORIZED"));
        let body = json!({"username": ADMIN_EMAIL, "password": "wrong"});
        let wrong = bed.ask("POST", "/api/auth/admin/sessions", &[], body).await;
        assert_eq!(wrong.error(), (401, "AUTH_UNAUTHORIZED"));
    }
}

#[test]
fn below_a_mount_the_cookie_has_the_path_that_browsers_send_it_to() {
    let below = |starting: Starting| starting.set("BUSBAR_MOUNT_INSFORGE", "/backend");
    cases::run("cookie below a mount", Database::Sqlite, below, mounted);
}

async fn mounted(app: TestApp) {
    let bed = Bed::over(app);
    let body = json!({"email": "ada@example.com", "password": PASSWORD});
    let answer = bed
        .bearing("POST", "/backend/api/auth/users", &bed.anon, body)
        .await;
    assert!(
        answer.cookies()[0].contains("; Path=/backend/api/auth; "),
        "{}",
        answer.text
    );
}
