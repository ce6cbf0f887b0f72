//! Functions of the database: PostgreSQL has them, SQLite says so.

use busbar_data::{Caller, Method};
use busbar_store::Dialect;
use serde_json::{Value, json};

use crate::bed::{Ask, Bed, on_both, person, subject};

const FUNCTIONS: [&str; 14] = [
    "CREATE FUNCTION add_them(a integer, b integer DEFAULT 10) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT a + b'",
    "CREATE FUNCTION numbers(upto integer) RETURNS SETOF integer LANGUAGE sql IMMUTABLE AS 'SELECT generate_series(1, upto)'",
    "CREATE FUNCTION pairs() RETURNS TABLE (n integer, t text) LANGUAGE sql STABLE AS $$ VALUES (1, 'a'), (2, 'b'), (3, NULL) $$",
    "CREATE FUNCTION over(a integer) RETURNS text LANGUAGE sql AS $$ SELECT 'one' $$",
    "CREATE FUNCTION over(a integer, b integer) RETURNS text LANGUAGE sql AS $$ SELECT 'two' $$",
    "CREATE FUNCTION torn(a integer) RETURNS text LANGUAGE sql AS $$ SELECT 'i' $$",
    "CREATE FUNCTION torn(a text) RETURNS text LANGUAGE sql AS $$ SELECT 't' $$",
    "CREATE FUNCTION sums(VARIADIC them integer[]) RETURNS bigint LANGUAGE sql AS 'SELECT sum(x) FROM unnest(them) x'",
    "CREATE FUNCTION whole(jsonb) RETURNS jsonb LANGUAGE sql AS 'SELECT $1'",
    "CREATE FUNCTION loud(text) RETURNS text LANGUAGE sql AS 'SELECT upper($1)'",
    "CREATE FUNCTION size_of(bytea) RETURNS integer LANGUAGE sql AS 'SELECT length($1)'",
    "CREATE FUNCTION writes() RETURNS void LANGUAGE sql AS 'INSERT INTO kept (n) VALUES (1)'",
    "CREATE FUNCTION who() RETURNS json LANGUAGE sql STABLE AS $$ SELECT json_build_object('user', current_user, \
     'sub', auth.jwt() ->> 'sub', 'plan', auth.jwt() -> 'app' ->> 'plan', 'method', current_setting('request.method')) $$",
    "CREATE FUNCTION typed(j jsonb, ids uuid[], at timestamptz) RETURNS text LANGUAGE sql STABLE AS \
     $$ SELECT jsonb_typeof(j) || cardinality(ids) || extract(year FROM at) $$",
];

async fn functions(bed: &Bed) -> bool {
    if bed.db.dialect() == Dialect::Sqlite {
        let said = bed.ask(Ask::call("anything", json!({}))).await;
        assert_eq!((said.status, said.code().as_str()), (400, "0A000"));
        assert_eq!(said.json()["hint"], "This feature needs PostgreSQL");
        return false;
    }
    bed.table("kept", &["n integer"]).await;
    for sql in FUNCTIONS {
        bed.db.execute(sql, Vec::new()).await.unwrap();
    }
    true
}

async fn called(bed: &Bed, name: &str, body: Value) -> Value {
    let said = bed.ask(Ask::call(name, body)).await;
    assert_eq!(said.status, 200, "{name}: {said:?}");
    said.json()
}

#[tokio::test]
async fn c1_c3_arguments_are_taken_by_name_with_defaults() {
    on_both(
        "c1_c3_arguments_are_taken_by_name_with_defaults",
        |bed| async move {
            if !functions(&bed).await {
                return;
            }
            assert_eq!(called(&bed, "add_them", json!({"a": 1, "b": 2})).await, json!(3));
            assert_eq!(called(&bed, "add_them", json!({"a": 1})).await, json!(11));
            assert_eq!(called(&bed, "sums", json!({"them": [1, 2, 3]})).await, json!(6));
            let typed = json!({"j": [1], "ids": [subject(1)], "at": "2026-01-01"});
            assert_eq!(called(&bed, "typed", typed).await, json!("array12026"));
            for (path, expected) in [
                ("add_them?a=1&b=2", json!(3)),
                ("add_them?a=5", json!(15)),
                ("sums?them=1&them=2", json!(3)),
                ("sums?them={4,5}", json!(9)),
            ] {
                let said = bed.ask(Ask::call_get(path)).await;
                assert_eq!((said.status, said.json()), (200, expected), "{path}");
            }
            let form = Ask::call("add_them", "a=4&b=5").content_type("application/x-www-form-urlencoded");
            assert_eq!(bed.ask(form).await.json(), json!(9));
            let bad = bed.ask(Ask::call("add_them", json!({"a": "x"}))).await;
            assert_eq!((bad.status, bad.code().as_str()), (400, "22P02"));
        },
    )
    .await;
}

#[tokio::test]
async fn c2_the_function_is_chosen_by_the_names_given() {
    on_both("c2_the_function_is_chosen_by_the_names_given", |bed| async move {
        if !functions(&bed).await {
            return;
        }
        assert_eq!(called(&bed, "over", json!({"a": 1})).await, json!("one"));
        assert_eq!(called(&bed, "over", json!({"a": 1, "b": 2})).await, json!("two"));
        let torn = bed.ask(Ask::call("torn", json!({"a": 1}))).await;
        assert_eq!((torn.status, torn.code().as_str()), (300, "PGRST203"));
        assert!(torn.text.contains("public.torn(a => integer), public.torn(a => text)"), "{}", torn.text);
        let none = bed.ask(Ask::call("add_them", json!({"x": 1, "y": 2}))).await;
        assert_eq!((none.status, none.code().as_str()), (404, "PGRST202"));
        assert_eq!(
            none.json()["message"],
            "Could not find the function public.add_them(x, y) in the schema cache"
        );
        assert_eq!(
            none.json()["details"],
            "Searched for the function public.add_them with parameters x, y or with a single unnamed json/jsonb \
             parameter, but no matches were found in the schema cache."
        );
        assert_eq!(
            none.json()["hint"],
            "Perhaps you meant to call the function public.add_them(a, b)"
        );
        let near = bed.ask(Ask::call("add_then", json!({}))).await;
        assert_eq!(near.json()["hint"], "Perhaps you meant to call the function public.add_them");
        let other = bed.ask(Ask { calls: true, ..Ask::new(Method::Patch, "add_them") }).await;
        assert_eq!((other.status, other.code().as_str()), (405, "PGRST101"));
    })
    .await;
}

#[tokio::test]
async fn c4_one_unnamed_parameter_takes_the_whole_body() {
    on_both(
        "c4_one_unnamed_parameter_takes_the_whole_body",
        |bed| async move {
            if !functions(&bed).await {
                return;
            }
            assert_eq!(
                called(&bed, "whole", json!({"any": [1]})).await,
                json!({"any": [1]})
            );
            assert_eq!(called(&bed, "whole", json!([1, 2])).await, json!([1, 2]));
            let loud = bed
                .ask(Ask::call("loud", "quiet").content_type("text/plain"))
                .await;
            assert_eq!(loud.json(), json!("QUIET"));
            let size = bed
                .ask(Ask::call("size_of", "abc").content_type("application/octet-stream"))
                .await;
            assert_eq!(size.json(), json!(3));
        },
    )
    .await;
}

#[tokio::test]
async fn c5_rows_take_filters_select_order_and_pages() {
    on_both("c5_rows_take_filters_select_order_and_pages", |bed| async move {
        if !functions(&bed).await {
            return;
        }
        assert_eq!(
            called(&bed, "numbers", json!({"upto": 3})).await,
            json!([1, 2, 3])
        );
        assert_eq!(
            called(&bed, "numbers?limit=1&offset=1", json!({"upto": 3})).await,
            json!([2])
        );
        assert_eq!(
            called(&bed, "pairs?select=t,x:n&n=gte.2&order=n.desc", json!({})).await,
            json!([{"t": null, "x": 3}, {"t": "b", "x": 2}])
        );
        let counted = bed
            .ask(Ask::call_get("pairs?select=n&limit=2").prefer("count=exact"))
            .await;
        assert_eq!(
            (counted.status, counted.header("Content-Range")),
            (206, Some("0-1/3"))
        );
        let object = "application/vnd.pgrst.object+json";
        let single = bed.ask(Ask::call_get("pairs?n=eq.2").accept(object)).await;
        assert_eq!(single.json(), json!({"n": 2, "t": "b"}));
        let several = bed.ask(Ask::call_get("pairs").accept(object)).await;
        assert_eq!((several.status, several.code().as_str()), (406, "PGRST116"));
        let csv = bed.ask(Ask::call_get("pairs?select=n").accept("text/csv")).await;
        assert_eq!(csv.text, "n\n1\n2\n3");
        let nothing = bed.ask(Ask::call("writes", json!({}))).await;
        assert_eq!((nothing.status, nothing.text.as_str()), (204, ""));
        assert_eq!(bed.rows("kept?select=n").await, json!([{"n": 1}]), "it ran once");
        let most = Ask::call("pairs", json!({})).prefer("handling=strict, max-affected=1");
        assert_eq!(bed.ask(most).await.code(), "PGRST124");
        let scalar = Ask::call("add_them", json!({"a": 1})).prefer("handling=strict, max-affected=1");
        assert_eq!(bed.ask(scalar).await.code(), "PGRST128");
    })
    .await;
}

#[tokio::test]
async fn c6_get_only_reads() {
    on_both("c6_get_only_reads", |bed| async move {
        if !functions(&bed).await {
            return;
        }
        let said = bed.ask(Ask::call_get("writes")).await;
        assert_eq!((said.status, said.code().as_str()), (405, "25006"));
        let allowed = bed
            .data
            .records
            .allowed_of_function("writes", &Default::default())
            .unwrap();
        assert_eq!(allowed, "OPTIONS,POST", "c8");
        let allowed = bed
            .data
            .records
            .allowed_of_function("add_them", &Default::default())
            .unwrap();
        assert_eq!(allowed, "OPTIONS,GET,HEAD,POST", "c8");
    })
    .await;
}

#[tokio::test]
async fn a4_a5_a_function_runs_as_the_caller() {
    on_both("a4_a5_a_function_runs_as_the_caller", |bed| async move {
        if !functions(&bed).await {
            return;
        }
        let said = bed.ask(Ask::call("who", json!({})).caller(person(3))).await;
        assert_eq!(
            said.json(),
            json!({"user": "authenticated", "sub": subject(3), "plan": "pro", "method": "POST"})
        );
        bed.db
            .execute("REVOKE EXECUTE ON FUNCTION who() FROM PUBLIC", Vec::new())
            .await
            .unwrap();
        let refused = bed.ask(Ask::call("who", json!({})).caller(Caller::anon())).await;
        assert_eq!((refused.status, refused.code().as_str()), (401, "42501"));
    })
    .await;
}

#[tokio::test]
async fn c7_functions_choose_status_and_headers_and_raise_with_them() {
    on_both("c7_functions_choose_status_and_headers_and_raise_with_them", |bed| async move {
        if !functions(&bed).await {
            return;
        }
        for sql in [
            "CREATE FUNCTION tea() RETURNS text LANGUAGE plpgsql AS $$ BEGIN PERFORM set_config('response.status', '418', true); \
             PERFORM set_config('response.headers', '[{\"X-Tea\":\"black\"}]', true); RETURN 'short'; END $$",
            "CREATE FUNCTION raises() RETURNS void LANGUAGE plpgsql AS $$ BEGIN RAISE SQLSTATE 'PGRST' USING \
             MESSAGE = '{\"code\":\"123\",\"message\":\"Odd\"}', DETAIL = '{\"status\":422,\"headers\":{}}'; END $$",
            "CREATE FUNCTION pays() RETURNS void LANGUAGE plpgsql AS $$ BEGIN RAISE SQLSTATE 'PT402' USING \
             MESSAGE = 'Payment Required'; END $$",
        ] {
            bed.db.execute(sql, Vec::new()).await.unwrap();
        }
        let tea = bed.ask(Ask::call("tea", json!({}))).await;
        assert_eq!((tea.status, tea.header("X-Tea"), tea.json()), (418, Some("black"), json!("short")));
        let raised = bed.ask(Ask::call("raises", json!({}))).await;
        assert_eq!(raised.status, 422);
        assert_eq!(raised.json(), json!({"code": "123", "message": "Odd", "details": null, "hint": null}));
        assert_eq!(bed.ask(Ask::call("pays", json!({}))).await.status, 402);
    })
    .await;
}

#[tokio::test]
async fn a9_a_function_made_elsewhere_is_found() {
    on_both("a9_a_function_made_elsewhere_is_found", |bed| async move {
        if !functions(&bed).await {
            return;
        }
        assert_eq!(bed.ask(Ask::call("later", json!({}))).await.code(), "PGRST202");
        bed.db
            .execute(
                "CREATE FUNCTION later() RETURNS integer LANGUAGE sql AS 'SELECT 5'",
                Vec::new(),
            )
            .await
            .unwrap();
        assert_eq!(called(&bed, "later", json!({})).await, json!(5));
    })
    .await;
}
