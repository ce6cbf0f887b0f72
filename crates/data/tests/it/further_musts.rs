//! Musts that no other test names: writes on views, `Location` beside `select`, functions' own limits, content types.

use busbar_data::Method;
use busbar_store::Dialect;
use serde_json::json;

use crate::bed::{Ask, on_both};

#[tokio::test]
async fn w11_views_are_written_through() {
    on_both("w11_views_are_written_through", |bed| async move {
        bed.sql("CREATE TABLE goods (id integer PRIMARY KEY, name text, price integer)")
            .await;
        bed.sql("CREATE VIEW cheap AS SELECT id, name, price FROM goods WHERE price < 10")
            .await;
        let sqlite = bed.db.dialect() == Dialect::Sqlite;
        if sqlite {
            for sql in [
                "CREATE TRIGGER cheap_insert INSTEAD OF INSERT ON cheap BEGIN \
                 INSERT INTO goods VALUES (new.id, new.name, new.price); END",
                "CREATE TRIGGER cheap_update INSTEAD OF UPDATE ON cheap BEGIN \
                 UPDATE goods SET name = new.name, price = new.price WHERE id = old.id; END",
                "CREATE TRIGGER cheap_delete INSTEAD OF DELETE ON cheap BEGIN DELETE FROM goods WHERE id = old.id; END",
            ] {
                bed.sql(sql).await;
            }
        }
        let rows = json!([{"id": 1, "name": "a", "price": 1}, {"id": 2, "name": "b", "price": 2}]);
        let posted = bed
            .ask(Ask::post("cheap?select=id", rows).prefer("return=representation"))
            .await;
        assert_eq!((posted.status, posted.json()), (201, json!([{"id": 1}, {"id": 2}])), "{posted:?}");
        let changed = bed.ask(Ask::patch("cheap?id=eq.1", json!({"price": 5}))).await;
        assert_eq!(changed.status, 204, "{changed:?}");
        let gone = bed.ask(Ask::new(Method::Delete, "cheap?id=eq.2")).await;
        assert_eq!(gone.status, 204, "{gone:?}");
        assert_eq!(
            bed.rows("goods").await,
            json!([{"id": 1, "name": "a", "price": 5}])
        );
    })
    .await;
}

#[tokio::test]
async fn w11_simple_views_are_written_through_without_triggers() {
    on_both(
        "w11_simple_views_are_written_through_without_triggers",
        |bed| async move {
            bed.sql("CREATE TABLE goods (id integer PRIMARY KEY, name text, price integer DEFAULT 3, secret text)").await;
            bed.sql("CREATE VIEW cheap AS SELECT g.id, g.name, g.price FROM goods AS g WHERE g.price < 10").await;
            bed.sql("CREATE VIEW named AS SELECT id, upper(name) AS loud FROM goods").await;
            bed.sql("CREATE VIEW many AS SELECT DISTINCT id, name FROM goods").await;
            let rows = json!([{"id": 1, "name": "a"}, {"id": 2, "name": "b", "price": null}, {"id": 3, "name": "c", "price": 20}]);
            let path = "cheap?columns=id,name,price";
            let posted = bed.ask(Ask::post(path, rows).prefer("return=representation, missing=default")).await;
            assert_eq!(
                (posted.status, posted.json()),
                (201, json!([{"id": 1, "name": "a", "price": 3}, {"id": 2, "name": "b", "price": null},
                             {"id": 3, "name": "c", "price": 20}])),
                "{posted:?}"
            );
            let changed = bed.ask(Ask::patch("cheap?select=id,price", json!({"price": 5})).prefer("return=representation")).await;
            assert_eq!((changed.status, changed.json()), (200, json!([{"id": 1, "price": 5}])), "only what the view shows");
            let changed = bed.ask(Ask::patch("cheap?id=eq.1", json!({"price": 50})).prefer("count=exact")).await;
            assert_eq!((changed.status, changed.header("Content-Range")), (204, Some("0-0/1")));
            assert_eq!(bed.rows("cheap").await, json!([]));
            let gone = bed.ask(Ask::new(Method::Delete, "cheap?id=in.(1,2,3)").prefer("count=exact")).await;
            assert_eq!((gone.status, gone.header("Content-Range")), (204, Some("*/0")));
            bed.sql("UPDATE goods SET price = 1 WHERE id = 2").await;
            let gone = bed.ask(Ask::new(Method::Delete, "cheap?select=id&order=id&limit=1").prefer("return=representation")).await;
            assert_eq!((gone.status, gone.json()), (200, json!([{"id": 2}])), "{gone:?}");
            for (table, body) in [
                ("cheap", json!({"id": 9, "secret": "x"})),
                ("cheap", json!({"id": "x"})),
                ("many", json!({"id": 9})),
                ("named", json!({"loud": "X"})),
            ] {
                let (method, said) = (Method::Post, bed.status(Ask::post(table, body)).await);
                assert!((400..=500).contains(&said), "{method:?} {table}: {said}");
            }
            assert_eq!(bed.rows("goods?select=id&order=id").await, json!([{"id": 1}, {"id": 3}]));
            let allowed = bed.data.records.allowed("cheap", &Default::default()).await.unwrap();
            assert!(allowed.contains("POST") && allowed.contains("PATCH,DELETE"), "{allowed}");
            let allowed = bed.data.records.allowed("many", &Default::default()).await.unwrap();
            assert_eq!(allowed, "OPTIONS,GET,HEAD");
        },
    )
    .await;
}

#[tokio::test]
async fn w11_limited_writes_to_views_need_a_unique_order() {
    on_both(
        "w11_limited_writes_to_views_need_a_unique_order",
        |bed| async move {
            bed.sql("CREATE TABLE goods (id integer PRIMARY KEY, kind integer)")
                .await;
            bed.sql("CREATE VIEW seen AS SELECT id, kind FROM goods").await;
            let rows = json!([{"id": 1, "kind": 1}, {"id": 2, "kind": 1}, {"id": 3, "kind": 2}]);
            assert_eq!(bed.ask(Ask::post("seen", rows)).await.status, 201);
            let whole = "return=representation";
            let said = bed
                .ask(Ask::patch("seen?order=id.desc&limit=1&select=id", json!({"kind": 3})).prefer(whole))
                .await;
            assert_eq!((said.status, said.json()), (200, json!([{"id": 3}])), "{said:?}");
            let said = bed
                .ask(Ask::new(Method::Delete, "seen?order=kind&limit=1&select=kind").prefer(whole))
                .await;
            match bed.db.dialect() {
                // Rows have addresses there.
                Dialect::Sqlite => assert_eq!((said.status, said.json()), (200, json!([{"kind": 1}]))),
                Dialect::Postgres => {
                    assert_eq!((said.status, said.code().as_str()), (400, "PGRST110"));
                    assert_eq!(
                        bed.rows("goods?select=id&kind=eq.1").await,
                        json!([{"id": 1}, {"id": 2}]),
                        "nothing is gone"
                    );
                }
            }
        },
    )
    .await;
}

#[tokio::test]
async fn w12_the_location_is_made_of_the_key() {
    on_both("w12_the_location_is_made_of_the_key", |bed| async move {
        bed.sql("CREATE TABLE pairs (a integer, b text, c text, PRIMARY KEY (a, b))")
            .await;
        let said = bed
            .ask(
                Ask::post("pairs?select=c", json!({"a": 1, "b": "x y", "c": "z"}))
                    .prefer("return=headers-only"),
            )
            .await;
        assert_eq!(
            (said.status, said.header("Location"), said.text.as_str()),
            (201, Some("/pairs?a=eq.1&b=eq.x%20y"), "")
        );
    })
    .await;
}

#[tokio::test]
async fn c9_a_function_sets_its_own_time_limit() {
    on_both("c9_a_function_sets_its_own_time_limit", |bed| async move {
        if bed.db.dialect() == Dialect::Sqlite {
            return;
        }
        for sql in [
            "CREATE FUNCTION slow() RETURNS integer LANGUAGE sql STABLE SET statement_timeout = '100ms' AS \
             'SELECT 1 FROM pg_sleep(20)'",
            "CREATE FUNCTION limits() RETURNS TABLE (t text) LANGUAGE sql STABLE SET statement_timeout = '7s' AS \
             $$ SELECT current_setting('statement_timeout') $$",
        ] {
            bed.sql(sql).await;
        }
        assert_eq!(bed.ask(Ask::call_get("limits")).await.json(), json!([{"t": "7s"}]));
        assert_eq!(bed.refused(Ask::call_get("slow")).await, (500, "57014".to_owned()));
        assert_eq!(bed.refused(Ask::call("slow", json!({}))).await, (500, "57014".to_owned()));
    })
    .await;
}

#[tokio::test]
async fn m8_json_says_that_it_is_json_and_nothing_says_nothing() {
    on_both(
        "m8_json_says_that_it_is_json_and_nothing_says_nothing",
        |bed| async move {
            bed.table("t", &["n integer"]).await;
            let json_type = Some("application/json; charset=utf-8");
            let read = bed.ask(Ask::get("t")).await;
            assert_eq!(
                (read.text.as_str(), read.header("Content-Type")),
                ("[]", json_type)
            );
            let wrote = Ask::post("t?select=n", json!({"n": 1})).prefer("return=representation");
            assert_eq!(bed.ask(wrote).await.header("Content-Type"), json_type);
            for silent in [
                Ask::patch("t?n=eq.1", json!({"n": 2})),
                Ask::new(Method::Delete, "t?n=eq.2"),
            ] {
                let said = bed.ask(silent).await;
                assert_eq!(
                    (said.status, said.text.as_str(), said.header("Content-Type")),
                    (204, "", None)
                );
            }
        },
    )
    .await;
}

#[tokio::test]
async fn r6_parameters_without_a_name_are_nothing_and_repeated_filters_join() {
    on_both(
        "r6_parameters_without_a_name_are_nothing_and_repeated_filters_join",
        |bed| async move {
            bed.table("t", &["n integer"]).await;
            bed.ask(Ask::post("t", json!([{"n": 1}, {"n": 2}, {"n": 3}])))
                .await;
            assert_eq!(
                bed.rows("t?=eq.1&&select=n&order=n&n=gt.1&n=lt.3").await,
                json!([{"n": 2}])
            );
            assert_eq!(
                bed.rows("t?select=n&order=n&limit=x&n=lt.3").await,
                json!([{"n": 1}, {"n": 2}])
            );
        },
    )
    .await;
}

#[tokio::test]
async fn limited_writes_touch_nothing_that_shares_an_address() {
    on_both("limited_writes_touch_nothing_that_shares", |bed| async move {
        match bed.db.dialect() {
            // A column by the name of the address, the same in every row.
            Dialect::Sqlite => {
                bed.sql("CREATE TABLE parts (id integer PRIMARY KEY, rowid text DEFAULT 'k')")
                    .await;
                bed.sql("CREATE VIEW shown AS SELECT id FROM parts WHERE id < 10")
                    .await;
            }
            // The first row of each partition has the same place in it.
            Dialect::Postgres => {
                bed.sql("CREATE TABLE parts (id integer) PARTITION BY RANGE (id)")
                    .await;
                bed.sql("CREATE TABLE few PARTITION OF parts FOR VALUES FROM (0) TO (10)")
                    .await;
                bed.sql("CREATE TABLE many PARTITION OF parts FOR VALUES FROM (10) TO (200)")
                    .await;
            }
        }
        assert_eq!(
            bed.ask(Ask::post("parts", json!([{"id": 1}, {"id": 101}])))
                .await
                .status,
            201
        );
        let gone = bed
            .ask(
                Ask::new(Method::Delete, "parts?id=eq.1&order=id&limit=5&select=id")
                    .prefer("return=representation"),
            )
            .await;
        assert_eq!((gone.status, gone.json()), (200, json!([{"id": 1}])), "{gone:?}");
        assert_eq!(
            bed.ask(Ask::get("parts?select=id")).await.json(),
            json!([{"id": 101}])
        );
        if bed.db.dialect() == Dialect::Sqlite {
            let refused = bed.ask(Ask::new(Method::Delete, "shown?id=gt.0")).await;
            assert!(refused.status >= 400, "{refused:?}");
            assert_eq!(
                bed.ask(Ask::get("parts?select=id")).await.json(),
                json!([{"id": 101}])
            );
        }
    })
    .await;
}
