//! Reading: filters, select, order, pages, counts, forms.

use busbar_data::Method;
use serde_json::{Value, json};

use crate::bed::{Ask, Bed, on_both, subject};

const COLUMNS: [&str; 9] = [
    "n integer",
    "big bigint",
    "f float",
    "b boolean",
    "t string",
    "d date",
    "at datetime",
    "u uuid",
    "j json",
];

/// Five rows with every type, NULLs, and texts that differ in case.
pub(crate) async fn fill(bed: &Bed) {
    bed.table("things", &COLUMNS).await;
    let rows = json!([
        {"n": 1, "big": 9007199254740993_i64, "f": 0.1, "b": true, "t": "Alpha", "d": "2026-01-31",
         "at": "2026-01-31T10:00:00.5Z", "u": subject(1), "j": {"a": {"k": [1, "x"]}, "s": "one", "v": 5}},
        {"n": 2, "big": -5, "f": 2.0, "b": false, "t": "alpha", "d": "2026-02-01",
         "at": "2026-02-01T00:00:00+02:00", "u": subject(2), "j": [10, 20]},
        {"n": 3, "big": null, "f": 1e21, "b": null, "t": "Beta, (x) \"q\"", "d": null, "at": null, "u": null, "j": null},
        {"n": 4, "big": 7, "f": -3.25, "b": true, "t": "a_b%c*", "d": "1999-12-31", "at": "1999-12-31 23:59:59.123456+00",
         "u": subject(4), "j": "text"},
        {"n": null, "big": 0, "f": null, "b": false, "t": null, "d": "2026-02-01", "at": null, "u": null, "j": {"s": null, "v": 50}},
    ]);
    let said = bed.ask(Ask::post("things", rows)).await;
    assert_eq!(said.status, 201, "{said:?}");
}

#[tokio::test]
async fn filters_pick_what_postgresql_would_pick() {
    on_both("filters_pick_what_postgresql_would_pick", |bed| async move {
        fill(&bed).await;
        let id = format!("u=eq.{}", subject(2).to_uppercase());
        let cases: Vec<(&str, Value)> = vec![
            ("n=eq.1", json!([1])),
            ("n=neq.1", json!([2, 3, 4])),
            ("n=gt.1&n=lt.4", json!([2, 3])),
            ("n=gte.2&n=lte.3", json!([2, 3])),
            ("n=not.eq.1", json!([2, 3, 4])),
            ("n=in.(1,3,9)", json!([1, 3])),
            ("n=not.in.(1,3)", json!([2, 4])),
            ("n=in.()", json!([])),
            ("n=is.null", json!([null])),
            ("n=not.is.null", json!([1, 2, 3, 4])),
            ("n=is.not_null", json!([1, 2, 3, 4])),
            ("b=is.true", json!([1, 4])),
            ("b=is.FALSE", json!([2, null])),
            ("b=is.unknown", json!([3])),
            ("b=eq.t", json!([1, 4])),
            ("b=not.is.true", json!([2, 3, null])),
            ("n=isdistinct.1", json!([2, 3, 4, null])),
            ("big=eq.9007199254740993", json!([1])),
            ("big=lt.0", json!([2])),
            ("f=eq.0.1", json!([1])),
            ("f=gt.1e20", json!([3])),
            ("t=like.A*", json!([1])),
            ("t=ilike.a*a", json!([1, 2])),
            ("t=like.a\\_b\\%25*", json!([4])),
            ("t=like.*, (x)*", json!([3])),
            ("t=not.ilike.al%25", json!([3, 4])),
            ("t=in.(\"Beta, (x) \\\"q\\\"\",alpha)", json!([2, 3])),
            ("t=eq.Beta, (x) \"q\"", json!([3])),
            ("t=like(any).{A*,a_b*}", json!([1, 4])),
            ("t=ilike(all).{a*,*pha}", json!([1, 2])),
            ("n=gt(any).{3,9}", json!([4])),
            ("n=eq(any).{1,2,NULL}", json!([1, 2])),
            ("d=eq.2026-02-01", json!([2, null])),
            ("d=lt.2026-02-01", json!([1, 4])),
            ("at=eq.2026-01-31T22:00:00Z", json!([2])),
            ("at=gt.2026-01-01&at=lt.2026-02-01", json!([1, 2])),
            (&id, json!([2])),
            ("j->>s=eq.one", json!([1])),
            ("j->a->k->>1=eq.x", json!([1])),
            ("j->v=gt.10", json!([null])),
            ("j->v=gte.5", json!([1, null])),
            ("j->-1=eq.20", json!([2])),
            ("j->>s=is.null&j=not.is.null", json!([2, 4, null])),
            ("or=(n.eq.1,n.eq.2)", json!([1, 2])),
            ("or=(n.eq.1,and(n.gt.2,t.like.\"Beta, (x)*\"))", json!([1, 3])),
            ("and=(n.gte.1,n.lt.3)&b=is.true", json!([1])),
            ("not.or=(n.eq.1,n.eq.2)", json!([3, 4])),
            ("not.and=(n.gt.1,n.lt.4)", json!([1, 4])),
            ("or=(n.is.null, not.and(n.lt.4))", json!([4, null])),
            ("or=(n.in.(1,2),t.in.(\"a_b%c*\"))", json!([1, 2, 4])),
        ];
        for (filter, expected) in cases {
            let path = format!("things?select=n&order=n&{filter}");
            let rows = bed.rows(&path).await;
            let found: Vec<Value> = rows
                .as_array()
                .unwrap()
                .iter()
                .map(|row| row["n"].clone())
                .collect();
            assert_eq!(Value::from(found), expected, "{filter} on {:?}", bed.db.dialect());
        }
    })
    .await;
}

#[tokio::test]
async fn values_leave_in_postgresqls_json() {
    on_both("values_leave_in_postgresqls_json", |bed| async move {
        fill(&bed).await;
        let said = bed
            .ask(Ask::get("things?select=n,big,f,b,t,d,at,u,j&n=eq.1"))
            .await;
        assert!(said.text.contains("\"big\":9007199254740993"), "{}", said.text);
        assert!(said.text.contains("\"f\":0.1,"), "{}", said.text);
        assert_eq!(
            said.json()[0],
            json!({"n": 1, "big": 9007199254740993_i64, "f": 0.1, "b": true, "t": "Alpha", "d": "2026-01-31",
                   "at": "2026-01-31T10:00:00.5+00:00", "u": subject(1),
                   "j": {"a": {"k": [1, "x"]}, "s": "one", "v": 5}})
        );
        assert_eq!(
            bed.rows("things?select=at&n=eq.2").await,
            json!([{"at": "2026-01-31T22:00:00+00:00"}])
        );
        for (select, expected) in [
            ("x:n,n", json!({"x": 1, "n": 1})),
            ("n::text", json!({"n": "1"})),
            (
                "b::text,at::text",
                json!({"b": "true", "at": "2026-01-31 10:00:00.5+00"}),
            ),
            ("j->a->k->0", json!({"k": 1})),
            ("j->>s", json!({"s": "one"})),
            ("who:j->a", json!({"who": {"k": [1, "x"]}})),
            ("j->v::int", json!({"v": 5})),
            ("\"n\", t", json!({"n": 1, "t": "Alpha"})),
        ] {
            let rows = bed.rows(&format!("things?n=eq.1&select={select}")).await;
            assert_eq!(rows, json!([expected]), "{select} on {:?}", bed.db.dialect());
        }
        assert_eq!(
            bed.rows("things?n=eq.1").await[0].as_object().unwrap().len(),
            12,
            "star is every column"
        );
        let first = bed.ask(
            Ask::get("things?select=n,j&n=eq.3").accept("application/vnd.pgrst.array+json;nulls=stripped"),
        );
        assert_eq!(first.await.json(), json!([{"n": 3}]));
    })
    .await;
}

#[tokio::test]
async fn orders_put_nulls_where_postgresql_puts_them() {
    on_both("orders_put_nulls_where_postgresql_puts_them", |bed| async move {
        fill(&bed).await;
        for (order, expected) in [
            ("n", json!([1, 2, 3, 4, null])),
            ("n.desc", json!([null, 4, 3, 2, 1])),
            ("n.asc.nullsfirst", json!([null, 1, 2, 3, 4])),
            ("n.desc.nullslast", json!([4, 3, 2, 1, null])),
            ("n.nullsfirst", json!([null, 1, 2, 3, 4])),
            ("b.desc.nullslast,n.desc.nullslast", json!([4, 1, 2, null, 3])),
            ("at,n", json!([4, 1, 2, 3, null])),
            ("j->>s.nullslast,n", json!([1, 2, 3, 4, null])),
        ] {
            let rows = bed.rows(&format!("things?select=n&order={order}")).await;
            let found: Vec<Value> = rows
                .as_array()
                .unwrap()
                .iter()
                .map(|row| row["n"].clone())
                .collect();
            assert_eq!(Value::from(found), expected, "{order} on {:?}", bed.db.dialect());
        }
    })
    .await;
}

#[tokio::test]
async fn pages_and_counts_say_where_they_are() {
    on_both("pages_and_counts_say_where_they_are", |bed| async move {
        fill(&bed).await;
        let exact = "count=exact";
        for (path, range, prefer, status, content_range, rows) in [
            ("things?order=n", None, "", 200, "0-4/*", 5),
            ("things?order=n", None, exact, 200, "0-4/5", 5),
            ("things?order=n&limit=2", None, "", 200, "0-1/*", 2),
            ("things?order=n&limit=2", None, exact, 206, "0-1/5", 2),
            ("things?order=n&limit=2&offset=3", None, exact, 206, "3-4/5", 2),
            ("things?order=n&limit=0", None, "", 200, "*/*", 0),
            ("things?n=eq.99", None, exact, 200, "*/0", 0),
            ("things?order=n", Some("1-2"), exact, 206, "1-2/5", 2),
            ("things?order=n&limit=2", Some("1-"), "", 200, "1-1/*", 1),
            ("things?order=n&offset=5", None, exact, 206, "*/5", 0),
        ] {
            let mut ask = Ask::get(path).prefer(prefer);
            ask.headers.range = range;
            let said = bed.ask(ask.clone()).await;
            assert_eq!(
                said.status,
                status,
                "{path} {range:?} on {:?}: {said:?}",
                bed.db.dialect()
            );
            assert_eq!(
                said.header("Content-Range"),
                Some(content_range),
                "{path} {range:?}"
            );
            assert_eq!(said.json().as_array().unwrap().len(), rows, "{path}");
            assert_eq!(said.header("Preference-Applied").unwrap_or_default(), prefer);
            if range.is_none() {
                ask.method = Method::Head;
                let head = bed.ask(ask).await;
                assert_eq!((head.status, head.text.as_str()), (status, ""), "HEAD {path}");
                assert_eq!(head.headers, said.headers, "HEAD {path}");
            }
        }
        for (path, range, details) in [
            (
                "things?offset=9",
                None,
                "An offset of 9 was requested, but there are only 5 rows.",
            ),
            (
                "things?limit=-1",
                None,
                "Limit should be greater than or equal to zero.",
            ),
            (
                "things",
                Some("5-2"),
                "The lower boundary must be lower than or equal to the upper boundary in the Range header.",
            ),
        ] {
            let mut ask = Ask::get(path).prefer(exact);
            ask.headers.range = range;
            let said = bed.ask(ask).await;
            assert_eq!((said.status, said.code().as_str()), (416, "PGRST103"), "{path}");
            assert_eq!(said.json()["details"], details);
        }
        let said = bed.ask(Ask::get("things?select=n&order=n&limit=1")).await;
        assert_eq!(
            said.header("Content-Location"),
            Some("/things?limit=1&order=n&select=n")
        );
    })
    .await;
}

#[tokio::test]
async fn answers_come_in_the_asked_form() {
    on_both("answers_come_in_the_asked_form", |bed| async move {
        fill(&bed).await;
        let object = "application/vnd.pgrst.object+json";
        let said = bed.ask(Ask::get("things?select=n&n=eq.1").accept(object)).await;
        assert_eq!(said.text, "{\"n\":1}");
        assert_eq!(
            said.header("Content-Type"),
            Some("application/vnd.pgrst.object+json; charset=utf-8")
        );
        for (path, details) in [
            ("things?n=eq.99", "The result contains 0 rows"),
            ("things", "The result contains 5 rows"),
        ] {
            let said = bed.ask(Ask::get(path).accept(object)).await;
            assert_eq!((said.status, said.code().as_str()), (406, "PGRST116"));
            assert_eq!(said.json()["details"], details);
            assert_eq!(
                said.json()["message"],
                "JSON object requested, multiple (or no) rows returned"
            );
        }
        let csv = bed
            .ask(Ask::get("things?select=n,b,t,at&order=n&limit=3").accept("text/csv"))
            .await;
        assert_eq!(
            csv.text,
            "n,b,t,at\n1,t,Alpha,\"2026-01-31 10:00:00.5+00\"\n2,f,alpha,\"2026-01-31 22:00:00+00\"\n\
             3,,\"Beta, (x) \"\"q\"\"\","
        );
        let empty = bed.ask(Ask::get("things?n=eq.99").accept("text/csv")).await;
        assert_eq!((empty.status, empty.text.as_str()), (200, "\n"));
        let none = bed.ask(Ask::get("things").accept("image/png")).await;
        assert_eq!((none.status, none.code().as_str()), (406, "PGRST107"));
    })
    .await;
}

#[tokio::test]
async fn a_large_answer_is_streamed_whole() {
    on_both("a_large_answer_is_streamed_whole", |bed| async move {
        bed.table("wide", &["n integer", "t string"]).await;
        let text = "x".repeat(1000);
        let rows: Vec<Value> = (0..3000).map(|n| json!({"n": n, "t": text})).collect();
        assert_eq!(bed.ask(Ask::post("wide", Value::from(rows))).await.status, 201);
        let said = bed
            .ask(Ask::get("wide?select=n,t&order=n").prefer("count=exact"))
            .await;
        assert_eq!(said.header("Content-Range"), Some("0-2999/3000"));
        assert_eq!(said.json().as_array().unwrap().len(), 3000);
        assert_eq!(said.json()[2999], json!({"n": 2999, "t": text}));
        let csv = bed
            .ask(Ask::get("wide?select=n,t&order=n").accept("text/csv"))
            .await;
        assert_eq!(csv.text.lines().count(), 3001);
        let said = bed.ask(Ask::get("wide?order=n&limit=2000&offset=500")).await;
        assert_eq!(said.header("Content-Range"), Some("500-2499/*"));
    })
    .await;
}
