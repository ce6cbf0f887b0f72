//! What `select` shows of a row: columns, aliases, casts, paths.

use serde_json::json;

use crate::bed::{Ask, on_both};
use crate::embeds::{answers, refusals};
use crate::reads::fill;

#[tokio::test]
async fn s1_every_column_unless_some_are_named() {
    on_both("s1_every_column_unless_some_are_named", |bed| async move {
        fill(&bed).await;
        let whole = bed.rows("things?n=eq.1").await;
        assert_eq!(bed.rows("things?select=&n=eq.1").await, whole);
        assert_eq!(bed.rows("things?select=*&n=eq.1").await, whole);
        answers(
            &bed,
            &[("things?select=n%20,%20t&n=eq.1", json!([{"n": 1, "t": "Alpha"}]))],
        )
        .await;
        refusals(
            &bed,
            &[
                ("things?select=n[]", 400, "PGRST100"),
                ("things?select=n!hint", 400, "PGRST100"),
                ("things?select=n,", 400, "PGRST100"),
                ("things?select=n)", 400, "PGRST100"),
            ],
        )
        .await;
    })
    .await;
}

#[tokio::test]
async fn s2_s14_keys_come_in_the_asked_order_and_as_often() {
    on_both(
        "s2_s14_keys_come_in_the_asked_order_and_as_often",
        |bed| async move {
            fill(&bed).await;
            let said = bed.ask(Ask::get("things?select=t,x:n,n,x:b,\"n\"&n=eq.1")).await;
            assert_eq!(
                said.text,
                "[{\"t\":\"Alpha\",\"x\":1,\"n\":1,\"x\":true,\"n\":1}]"
            );
            let said = bed
                .ask(Ask::get("things?select=\"a b\":n,\"c\\\"d\":t&n=eq.1"))
                .await;
            assert_eq!(said.json(), json!([{"a b": 1, "c\"d": "Alpha"}]));
        },
    )
    .await;
}

#[tokio::test]
async fn s3_casts_name_types_as_postgresql_does() {
    on_both("s3_casts_name_types_as_postgresql_does", |bed| async move {
        fill(&bed).await;
        answers(
            &bed,
            &[
                (
                    "things?select=n::text,b::text,x:f::int8,d::text,j->v::text&n=eq.1",
                    json!([{"n": "1", "b": "true", "x": 0, "d": "2026-01-31", "v": "5"}]),
                ),
                (
                    "things?select=n::numeric,big::text&n=eq.2",
                    json!([{"n": 2, "big": "-5"}]),
                ),
            ],
        )
        .await;
        refusals(
            &bed,
            &[
                ("things?select=n::nothing", 400, "42704"),
                ("things?select=n::", 400, "PGRST100"),
                ("things?select=t::int&n=eq.1", 400, "22P02"),
            ],
        )
        .await;
    })
    .await;
}

#[tokio::test]
async fn s4_paths_are_called_by_their_last_key() {
    on_both("s4_paths_are_called_by_their_last_key", |bed| async move {
        fill(&bed).await;
        answers(
            &bed,
            &[
                (
                    "things?select=j->a->k->>1,j->>s&n=eq.1",
                    json!([{"k": "x", "s": "one"}]),
                ),
                ("things?select=j->0,x:j->-1&n=eq.2", json!([{"j": 10, "x": 20}])),
                ("things?select=j->a->k->0->>b&n=eq.1", json!([{"b": null}])),
            ],
        )
        .await;
    })
    .await;
}

#[tokio::test]
async fn s15_a_missing_column_is_named_and_the_nearest_offered() {
    on_both("s15_a_missing_column_is_named_and_the_nearest_offered", |bed| async move {
        fill(&bed).await;
        bed.table("people", &["full_name string", "full_names string", "age integer"]).await;
        for (path, message, hint) in [
            ("people?select=ful_name", "column people.ful_name does not exist",
             json!("Perhaps you meant to reference the column \"people.full_name\".")),
            ("people?order=agge", "column people.agge does not exist",
             json!("Perhaps you meant to reference the column \"people.age\".")),
            ("people?full_namex=eq.1", "column people.full_namex does not exist",
             json!("Perhaps you meant to reference the column \"people.full_name\" or the column \"people.full_names\".")),
            ("people?select=nothing", "column people.nothing does not exist", json!(null)),
        ] {
            let said = bed.ask(Ask::get(path)).await;
            assert_eq!((said.status, said.json()), (400, json!({
                "code": "42703", "message": message, "details": null, "hint": hint})), "{path}");
        }
    })
    .await;
}
