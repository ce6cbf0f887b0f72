//! What clients send by mistake or malice: a clear 4xx each, and nothing changed.

use busbar_data::Method;
use serde_json::{Value, json};

use crate::bed::{Ask, Bed, on_both};
use crate::reads::fill;

async fn code(bed: &Bed, ask: Ask<'_>) -> (u16, String) {
    let said = bed.ask(ask).await;
    (said.status, said.code())
}

#[tokio::test]
async fn queries_that_do_not_fit_are_refused() {
    on_both("queries_that_do_not_fit_are_refused", |bed| async move {
        fill(&bed).await;
        for (query, status, expected) in [
            ("nope=eq.1", 400, "42703"),
            ("select=nope", 400, "42703"),
            ("order=nope", 400, "42703"),
            ("n=1", 400, "PGRST100"),
            ("n=foo.1", 400, "PGRST100"),
            ("n=eq(some).1", 400, "PGRST100"),
            ("n=is.maybe", 400, "PGRST100"),
            ("n=in.1", 400, "PGRST100"),
            ("n=in.(1", 400, "PGRST100"),
            ("order=n.up", 400, "PGRST100"),
            ("order=n.asc.desc", 400, "PGRST100"),
            ("select=n,,t", 400, "PGRST100"),
            ("select=n:", 400, "PGRST100"),
            ("or=()", 400, "PGRST100"),
            ("or=(n.eq.1", 400, "PGRST100"),
            ("or=n.eq.1", 400, "PGRST100"),
            ("select=t,other(x)", 400, "PGRST200"),
            ("select=...other(x)", 400, "PGRST200"),
            ("select=n.sum()", 400, "PGRST123"),
            ("select=count()", 400, "PGRST123"),
            ("other.x=eq.1", 400, "PGRST108"),
            ("other.order=x", 400, "PGRST108"),
            ("n=eq.x", 400, "22P02"),
            ("n=eq.99999999999", 400, "22003"),
            ("n=in.(1,x)", 400, "22P02"),
            ("big=eq.99999999999999999999999", 400, "22003"),
            ("f=eq.x", 400, "22P02"),
            ("f=gt.1e999", 400, "22003"),
            ("b=eq.maybe", 400, "22P02"),
            ("u=eq.1", 400, "22P02"),
            ("d=eq.2026-02-30", 400, "22008"),
            ("at=eq.soon", 400, "22007"),
            ("n=eq(any).1", 400, "22P02"),
            ("n=like.1*", 404, "42883"),
            ("n=is.true", 400, "42804"),
            ("t=eq.%00", 400, "22021"),
            ("t=eq.%ff%fe", 400, "PGRST100"),
            ("t=like.a\\", 400, "22025"),
            ("n::text=eq.1", 400, "PGRST100"),
            ("select=n::nothing", 400, "42704"),
            ("select=t::int&t=eq.Alpha", 400, "22P02"),
        ] {
            let path = format!("things?{query}");
            let found = code(&bed, Ask::get(&path)).await;
            assert_eq!(
                found,
                (status, expected.to_owned()),
                "{query} on {:?}",
                bed.db.dialect()
            );
        }
        let said = bed.ask(Ask::get("things?n=1")).await;
        assert_eq!(
            said.json()["message"],
            "\"failed to parse filter (1)\" (line 1, column 1)"
        );
        assert_eq!(
            said.json()["details"],
            "unexpected '1' expecting \"not\" or operator (eq, gt, ...)"
        );
        let deep = format!("things?or={}n.eq.1{}", "(and".repeat(5000), ")".repeat(5000));
        assert_eq!(bed.ask(Ask::get(&deep)).await.status, 400);
        let nested = format!(
            "things?and={}",
            "(or".repeat(200) + "(n.eq.1,n.eq.2)" + &")".repeat(200)
        );
        assert_eq!(bed.ask(Ask::get(&nested)).await.code(), "PGRST100");
    })
    .await;
}

#[tokio::test]
async fn sql_in_every_place_of_a_name_stays_a_name() {
    on_both("sql_in_every_place_of_a_name_stays_a_name", |bed| async move {
        fill(&bed).await;
        let before = bed.rows("things").await;
        for evil in [
            "x\"; DROP TABLE things; --",
            "x'; DROP TABLE things; --",
            "n\" OR 1=1 --",
            "n) OR (1=1",
            "*/ OR 1=1 /*",
            "pg_sleep(10)",
            "(select 1)",
            "n;",
            "\\",
            "\u{202e}",
            "sqlite_schema",
            "\"auth.users\"",
        ] {
            let encoded: String = evil.bytes().map(|byte| format!("%{byte:02X}")).collect();
            let quoted = format!(
                "%22{}%22",
                encoded.replace("%22", "%5C%22").replace("%5C%5C", "%5C")
            );
            for name in [&encoded, &quoted] {
                for query in [
                    format!("{name}=eq.1"),
                    format!("select={name}"),
                    format!("select=a:{name}"),
                    format!("select=n::{name}"),
                    format!("select=j->{name}&n=eq.1"),
                    format!("order={name}"),
                    format!("order=n.{name}"),
                    format!("or=({name}.eq.1,n.eq.99)"),
                    format!("n=eq.{name}"),
                    format!("n=in.({name})"),
                    format!("limit={name}&n=eq.99"),
                ] {
                    let path = format!("things?{query}");
                    let said = bed.ask(Ask::get(&path)).await;
                    assert!(
                        said.status < 500
                            && (said.status >= 400 || query.contains("->") || query.starts_with("limit")),
                        "{query}: {said:?}"
                    );
                    let said = bed
                        .ask(Ask::patch(&format!("things?n=eq.99&{query}"), json!({"t": "x"})))
                        .await;
                    assert!(said.status < 500, "{query}");
                }
                for query in [format!("columns={name}"), format!("on_conflict={name}")] {
                    let ask = format!("things?{query}");
                    let said = bed
                        .ask(Ask::post(&ask, json!({"n": 77})).prefer("resolution=merge-duplicates"))
                        .await;
                    assert!((400..500).contains(&said.status), "{query}: {said:?}");
                }
            }
            let said = bed.ask(Ask::post("things", json!({evil: 1}))).await;
            assert_eq!(said.code(), "PGRST204", "{evil}");
            let said = bed.ask(Ask::get(evil)).await;
            assert_eq!((said.status, said.code().as_str()), (404, "42P01"), "{evil}");
            for profile in [evil, "pg_catalog", "auth"] {
                let mut ask = Ask::get("things");
                ask.headers.accept_profile = Some(profile);
                assert_eq!(code(&bed, ask).await, (406, "PGRST106".to_owned()), "{profile}");
            }
        }
        for table in [
            "auth.users",
            "system.policies",
            "sqlite_schema",
            "pg_class",
            "",
            "x\0y",
        ] {
            let mut ask = Ask::get("");
            ask.table = table;
            assert_eq!(bed.ask(ask).await.status, 404, "{table}");
        }
        assert_eq!(bed.rows("things").await, before, "nothing changed");
    })
    .await;
}

#[tokio::test]
async fn bodies_that_do_not_fit_are_refused() {
    on_both("bodies_that_do_not_fit_are_refused", |bed| async move {
        fill(&bed).await;
        let before = bed.rows("things").await;
        let deep = |depth: usize| format!("{{\"j\":{}{}}}", "[".repeat(depth), "]".repeat(depth));
        let mut cases: Vec<(String, &str)> = [
            ("", "PGRST102"),
            ("{", "PGRST102"),
            ("{\"n\":1", "PGRST102"),
            ("[{\"n\":1},]", "PGRST102"),
            ("{\"n\":01}", "PGRST102"),
            ("{'n':1}", "PGRST102"),
            ("[[1]]", "PGRST102"),
            ("[null]", "PGRST102"),
            ("{\"n\":\"x\"}", "22P02"),
            ("{\"n\":1.5}", "22P02"),
            ("{\"n\":true}", "22P02"),
            ("{\"n\":{\"a\":1}}", "22P02"),
            ("{\"n\":99999999999}", "22003"),
            ("{\"big\":99999999999999999999}", "22003"),
            ("{\"f\":1e999}", "22003"),
            ("{\"b\":\"maybe\"}", "22P02"),
            ("{\"u\":\"x\"}", "22P02"),
            ("{\"d\":\"2026-13-01\"}", "22008"),
            ("{\"at\":\"soon\"}", "22007"),
            ("{\"t\":\"a\\u0000b\"}", "22P05"),
            ("{\"j\":\"a\\u0000b\"}", "22P05"),
            ("{\"nope\":1}", "PGRST204"),
        ]
        .map(|(body, code)| (body.to_owned(), code))
        .into();
        cases.push((deep(10_000), "PGRST102"));
        cases.push(("[".repeat(10_000), "PGRST102"));
        cases.push(("{\"a\":".repeat(10_000), "PGRST102"));
        for (body, expected) in cases {
            let shown: String = body.chars().take(40).collect();
            for method in [Method::Post, Method::Patch] {
                let said = bed.ask(Ask::new(method, "things").body(&body)).await;
                // PATCH takes the first row only, so what is wrong with the second is not seen.
                assert_eq!(
                    (said.status, said.code().as_str()),
                    (400, expected),
                    "{method:?} {shown} on {:?}: {said:?}",
                    bed.db.dialect()
                );
            }
        }
        assert_eq!(bed.ask(Ask::post("things", deep(90))).await.status, 201);
        for (body, content_type, expected) in [
            ("n\n1,2\n", "text/csv", "PGRST102"),
            ("n\n\"1", "text/csv", "PGRST102"),
            ("nope\n1\n", "text/csv", "PGRST204"),
            ("n\nx\n", "text/csv", "22P02"),
            ("n=x", "application/x-www-form-urlencoded", "22P02"),
            ("<n/>", "application/xml", "PGRST102"),
        ] {
            let said = bed
                .ask(Ask::post("things", body).content_type(content_type))
                .await;
            assert_eq!((said.status, said.code().as_str()), (400, expected), "{body}");
        }
        let said = bed
            .ask(Ask::get("things").prefer("handling=strict, nonsense=1"))
            .await;
        assert_eq!((said.status, said.code().as_str()), (400, "PGRST122"));
        let after: Vec<Value> = bed
            .rows("things?n=not.is.null&select=n")
            .await
            .as_array()
            .unwrap()
            .clone();
        assert_eq!(
            after.len() + 1,
            before.as_array().unwrap().len(),
            "nothing changed"
        );
    })
    .await;
}
