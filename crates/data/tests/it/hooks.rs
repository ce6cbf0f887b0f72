//! What surrounds a request: a function before it, cookies, and how long it took.

use busbar_data::{Method, RecordOptions};
use busbar_store::Dialect;
use serde_json::json;

use crate::bed::{Ask, on_both, person};

const BEFORE: &str = "CREATE FUNCTION before() RETURNS void LANGUAGE plpgsql AS $$ BEGIN \
     IF current_setting('request.headers', true)::json ->> 'x-blocked' = 'yes' THEN \
       RAISE insufficient_privilege USING MESSAGE = 'blocked', HINT = 'ask again'; END IF; \
     PERFORM set_config('response.headers', json_build_array(json_build_object('X-Who', current_user))::text, true); \
     IF current_setting('request.method', true) = 'DELETE' THEN \
       PERFORM set_config('response.status', '299', true); END IF; \
     END $$";

#[tokio::test]
async fn a6_a_function_runs_before_each_request() {
    on_both("a6_a_function_runs_before_each_request", |bed| async move {
        bed.table("notes", &["n integer*", "t string"]).await;
        let options = RecordOptions {
            pre_request: Some("public.before".into()),
            ..RecordOptions::default()
        };
        if bed.db.dialect() == Dialect::Sqlite {
            let said = bed.ask(Ask::get("notes").options(options)).await;
            assert_eq!((said.status, said.code().as_str()), (400, "0A000"));
            return;
        }
        bed.sql(BEFORE).await;
        bed.sql("CREATE FUNCTION seven() RETURNS integer LANGUAGE sql STABLE AS 'SELECT 7'")
            .await;
        let shown = [("x-blocked", "yes")];
        for (status, ask) in [
            (201, Ask::post("notes", json!([{"n": 1}, {"n": 2}]))),
            (
                200,
                Ask::get("notes?select=n&order=n&limit=1").prefer("count=exact"),
            ),
            (200, Ask::new(Method::Head, "notes")),
            (204, Ask::patch("notes?n=eq.1", json!({"t": "x"}))),
            (204, Ask::new(Method::Put, "notes?n=eq.1").body(json!({"n": 1}))),
            (299, Ask::new(Method::Delete, "notes?n=eq.2")),
            (200, Ask::call_get("seven")),
        ] {
            let (method, table) = (ask.method, ask.table);
            let status = if ask.headers.prefer.is_empty() {
                status
            } else {
                206
            };
            // The tables' API makes its own key: PUT by another is refused.
            let status = if method == Method::Put { 405 } else { status };
            let mut blocked = ask.clone().options(options.clone());
            blocked.headers.shown = &shown;
            let blocked = bed.ask(blocked).await;
            assert!(
                method == Method::Put || (blocked.status, blocked.code().as_str()) == (403, "42501"),
                "{method:?} {table}: {blocked:?}"
            );
            let said = bed.ask(ask.options(options.clone())).await;
            assert_eq!(said.status, status, "{method:?} {table}: {said:?}");
            assert!(
                method == Method::Put || said.header("X-Who") == Some("project_admin"),
                "{method:?} {table}: {said:?}"
            );
        }
        let theirs = Ask::get("notes?select=n").caller(person(1)).options(options);
        assert_eq!(
            bed.ask(theirs).await.header("X-Who"),
            Some("authenticated"),
            "it runs as the caller"
        );
    })
    .await;
}

#[tokio::test]
async fn a6_a_large_answer_carries_what_was_said_of_it() {
    on_both(
        "a6_a_large_answer_carries_what_was_said_of_it",
        |bed| async move {
            if bed.db.dialect() == Dialect::Sqlite {
                return;
            }
            bed.sql(BEFORE).await;
            bed.sql("CREATE TABLE big AS SELECT n, repeat('x', 1000) AS t FROM generate_series(1, 3000) n")
                .await;
            bed.sql("GRANT SELECT ON big TO project_admin").await;
            let options = RecordOptions {
                pre_request: Some("before".into()),
                ..RecordOptions::default()
            };
            let said = bed.ask(Ask::get("big").options(options)).await;
            assert_eq!((said.status, said.header("X-Who")), (200, Some("project_admin")));
            assert_eq!(said.json().as_array().map(Vec::len), Some(3000));
        },
    )
    .await;
}

#[tokio::test]
async fn a5_cookies_are_there_for_sql() {
    on_both("a5_cookies_are_there_for_sql", |bed| async move {
        if bed.db.dialect() == Dialect::Sqlite {
            return;
        }
        bed.sql(
            "CREATE FUNCTION theme() RETURNS text LANGUAGE sql STABLE AS \
             $$ SELECT current_setting('request.cookies')::json ->> 'theme' $$",
        )
        .await;
        let cookies = [("theme", "dark")];
        let mut ask = Ask::call_get("theme");
        ask.headers.cookies = &cookies;
        assert_eq!(bed.ask(ask).await.json(), json!("dark"));
        assert_eq!(bed.ask(Ask::call_get("theme")).await.json(), json!(null));
    })
    .await;
}

#[tokio::test]
async fn a12_answers_say_how_long_their_parts_took() {
    on_both("a12_answers_say_how_long_their_parts_took", |bed| async move {
        bed.table("notes", &["n integer"]).await;
        let options = RecordOptions {
            timing: true,
            ..RecordOptions::default()
        };
        for ask in [
            Ask::get("notes"),
            Ask::post("notes", json!({"n": 1})),
            Ask::new(Method::Delete, "notes?n=eq.1"),
        ] {
            let silent = bed.ask(ask.clone()).await;
            assert_eq!(silent.header("Server-Timing"), None);
            let said = bed.ask(ask.options(options.clone())).await;
            let told = said.header("Server-Timing").unwrap().to_owned();
            let parts: Vec<&str> = told.split(", ").collect();
            for (part, name) in parts.iter().zip(["parse;dur=", "plan;dur=", "transaction;dur="]) {
                let millis: f64 = part.strip_prefix(name).unwrap().parse().unwrap();
                assert!((0.0..10_000.0).contains(&millis), "{told}");
            }
            assert_eq!(parts.len(), 3, "{told}");
        }
    })
    .await;
}
