//! Row security: each command, each role, alike on both databases.

use busbar_data::{Caller, Method};
use busbar_schema::NewPolicy;
use serde_json::{Value, json};

use crate::bed::{Ask, Bed, Said, on_both, person, subject};

const WHOLE: &str = "return=representation";

/// Notes of two people: 1 has a and b (b is public), 2 has c.
async fn notes(bed: &Bed) {
    bed.secured_table("notes", &["owner uuid", "t string", "open boolean"], true)
        .await;
    let said = bed
        .ask(Ask::post(
            "notes",
            json!([{"owner": subject(1), "t": "a", "open": false}, {"owner": subject(1), "t": "b", "open": true},
                   {"owner": subject(2), "t": "c", "open": null}]),
        ))
        .await;
    assert_eq!(said.status, 201);
}

async fn seen(bed: &Bed, caller: Caller) -> Value {
    let said = bed.ask(Ask::get("notes?select=t&order=t").caller(caller)).await;
    assert_eq!(said.status, 200, "{said:?}");
    said.json()
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["t"].clone())
        .collect()
}

fn refused(said: &Said, status: u16) {
    assert_eq!((said.status, said.code().as_str()), (status, "42501"), "{said:?}");
    assert_eq!(
        said.json()["message"],
        "new row violates row-level security policy for table \"notes\""
    );
}

#[tokio::test]
async fn without_policies_only_the_administrator_gets_in() {
    on_both(
        "without_policies_only_the_administrator_gets_in",
        |bed| async move {
            notes(&bed).await;
            for caller in [Caller::anon(), person(1)] {
                assert_eq!(seen(&bed, caller.clone()).await, json!([]));
                let status = if caller.role == busbar_data::Role::Anon {
                    401
                } else {
                    403
                };
                refused(
                    &bed.ask(Ask::post("notes", json!({"t": "x"})).caller(caller.clone()))
                        .await,
                    status,
                );
                let patched = bed
                    .ask(Ask::patch("notes?t=eq.a", json!({"t": "x"})).caller(caller.clone()))
                    .await;
                assert_eq!(
                    (patched.status, patched.header("Content-Range")),
                    (204, Some("*/*"))
                );
                let deleted = bed
                    .ask(
                        Ask::new(Method::Delete, "notes")
                            .prefer("count=exact")
                            .caller(caller),
                    )
                    .await;
                assert_eq!(
                    (deleted.status, deleted.header("Content-Range")),
                    (204, Some("*/0"))
                );
            }
            assert_eq!(seen(&bed, Caller::project_admin()).await, json!(["a", "b", "c"]));
        },
    )
    .await;
}

#[tokio::test]
async fn a_policy_for_everything_holds_for_every_command() {
    on_both(
        "a_policy_for_everything_holds_for_every_command",
        |bed| async move {
            notes(&bed).await;
            bed.policy("notes", "own", "ALL", "owner = auth.uid()", "").await;
            assert_eq!(seen(&bed, person(1)).await, json!(["a", "b"]));
            assert_eq!(seen(&bed, person(2)).await, json!(["c"]));
            assert_eq!(seen(&bed, Caller::anon()).await, json!([]));
            let counted = bed
                .ask(
                    Ask::get("notes?select=t&limit=1&order=t")
                        .prefer("count=exact")
                        .caller(person(1)),
                )
                .await;
            assert_eq!(counted.header("Content-Range"), Some("0-0/2"));
            let insert =
                |owner| Ask::post("notes?select=t", json!({"t": "n", "owner": subject(owner)})).prefer(WHOLE);
            assert_eq!(
                bed.ask(insert(1).caller(person(1))).await.json(),
                json!([{"t": "n"}])
            );
            refused(&bed.ask(insert(2).caller(person(1))).await, 403);
            let bulk = json!([{"t": "x", "owner": subject(1)}, {"t": "y", "owner": subject(2)}]);
            refused(&bed.ask(Ask::post("notes", bulk).caller(person(1))).await, 403);
            assert_eq!(
                seen(&bed, person(1)).await,
                json!(["a", "b", "n"]),
                "all or nothing"
            );
            let patch = |body| Ask::patch("notes?t=in.(a,c)&select=t", body).prefer(WHOLE);
            let said = bed.ask(patch(json!({"t": "a2"})).caller(person(1))).await;
            assert_eq!(said.json(), json!([{"t": "a2"}]), "only the own one");
            refused(
                &bed.ask(Ask::patch("notes?t=eq.a2", json!({"owner": subject(2)})).caller(person(1)))
                    .await,
                403,
            );
            let said = bed
                .ask(
                    Ask::new(Method::Delete, "notes?select=t")
                        .prefer(WHOLE)
                        .caller(person(2)),
                )
                .await;
            assert_eq!(said.json(), json!([{"t": "c"}]));
            assert_eq!(seen(&bed, Caller::project_admin()).await, json!(["a2", "b", "n"]));
        },
    )
    .await;
}

#[tokio::test]
async fn each_command_has_its_own_policies() {
    on_both("each_command_has_its_own_policies", |bed| async move {
        notes(&bed).await;
        bed.policy("notes", "insert", "INSERT", "", "t <> 'bad'").await;
        let insert = |t: &str| Ask::post("notes?select=t", json!({"t": t})).caller(Caller::anon());
        assert_eq!(
            bed.ask(insert("good")).await.status,
            201,
            "no right to see is needed to add"
        );
        refused(&bed.ask(insert("bad")).await, 401);
        refused(&bed.ask(insert("good").prefer(WHOLE)).await, 401);
        assert_eq!(seen(&bed, Caller::anon()).await, json!([]));
        bed.policy("notes", "update", "UPDATE", "open", "t <> 'bad'")
            .await;
        let update = |t: &str| {
            Ask::patch("notes?open=is.true", json!({"t": t}))
                .prefer("count=exact")
                .caller(Caller::anon())
        };
        assert_eq!(
            bed.ask(update("z")).await.header("Content-Range"),
            Some("*/0"),
            "what is not seen is not changed"
        );
        bed.policy("notes", "select", "SELECT", "open OR t = 'good'", "")
            .await;
        assert_eq!(seen(&bed, Caller::anon()).await, json!(["b", "good"]));
        assert_eq!(bed.ask(update("z")).await.header("Content-Range"), Some("0-0/1"));
        refused(&bed.ask(update("bad")).await, 401);
        assert_eq!(bed.ask(insert("good").prefer(WHOLE)).await.status, 201);
        let deleted = bed
            .ask(
                Ask::new(Method::Delete, "notes")
                    .prefer("count=exact")
                    .caller(Caller::anon()),
            )
            .await;
        assert_eq!(deleted.header("Content-Range"), Some("*/0"));
        bed.policy("notes", "delete", "DELETE", "true", "").await;
        let deleted = bed
            .ask(
                Ask::new(Method::Delete, "notes?t=neq.q")
                    .prefer("count=exact")
                    .caller(Caller::anon()),
            )
            .await;
        assert_eq!(deleted.header("Content-Range"), Some("*/3"), "only what is seen");
    })
    .await;
}

#[tokio::test]
async fn permissive_is_or_and_restrictive_is_and() {
    on_both("permissive_is_or_and_restrictive_is_and", |bed| async move {
        notes(&bed).await;
        bed.policy("notes", "own", "SELECT", "owner = (select auth.uid())", "")
            .await;
        bed.policy("notes", "open", "SELECT", "open", "").await;
        assert_eq!(seen(&bed, person(2)).await, json!(["b", "c"]));
        let restrictive = NewPolicy {
            table: "notes".to_owned(),
            name: "no b".to_owned(),
            command: "SELECT".to_owned(),
            permissive: false,
            roles: vec!["authenticated".to_owned()],
            using: Some("t <> 'b'".to_owned()),
            check: None,
        };
        bed.data.policies.create(&restrictive).await.unwrap();
        assert_eq!(seen(&bed, person(2)).await, json!(["c"]));
        assert_eq!(
            seen(&bed, Caller::anon()).await,
            json!(["b"]),
            "the restrictive one speaks of others"
        );
        let listed = bed.data.policies.list("public").await.unwrap();
        let names: Vec<_> = listed
            .iter()
            .map(|policy| (policy.name.as_str(), policy.permissive))
            .collect();
        assert_eq!(names, [("no b", false), ("open", true), ("own", true)]);
        bed.data.policies.drop("notes", "no b").await.unwrap();
        assert_eq!(seen(&bed, person(2)).await, json!(["b", "c"]));
        let error = bed.data.policies.drop("notes", "no b").await.unwrap_err();
        assert_eq!(error.wire_code_str(), Some("42704"));
        let error = bed
            .data
            .policies
            .create(&NewPolicy {
                name: "own".into(),
                ..restrictive
            })
            .await
            .unwrap_err();
        assert_eq!(error.wire_code_str(), Some("42710"));
    })
    .await;
}

#[tokio::test]
async fn upserts_need_every_right() {
    on_both("upserts_need_every_right", |bed| async move {
        bed.secured_table("notes", &["owner uuid", "t string!*", "n integer"], true)
            .await;
        let rows =
            json!([{"owner": subject(1), "t": "mine", "n": 1}, {"owner": subject(2), "t": "theirs", "n": 1}]);
        assert_eq!(bed.ask(Ask::post("notes", rows)).await.status, 201);
        bed.policy("notes", "all", "ALL", "owner = auth.uid()", "").await;
        let upsert = |owner, t: &str| {
            Ask::post(
                "notes?on_conflict=t&select=t,n",
                json!({"owner": subject(owner), "t": t, "n": 2}),
            )
            .prefer("resolution=merge-duplicates, return=representation")
            .caller(person(1))
        };
        assert_eq!(
            bed.ask(upsert(1, "mine")).await.json(),
            json!([{"t": "mine", "n": 2}])
        );
        assert_eq!(bed.ask(upsert(1, "new")).await.status, 201);
        for (owner, t) in [(1, "theirs"), (2, "theirs"), (2, "other")] {
            let said = bed.ask(upsert(owner, t)).await;
            assert_eq!(
                (said.status, said.code().as_str()),
                (403, "42501"),
                "{owner} {t}: {said:?}"
            );
        }
        assert_eq!(
            bed.rows("notes?select=t,n&t=eq.theirs").await,
            json!([{"t": "theirs", "n": 1}])
        );
    })
    .await;
}

#[tokio::test]
async fn expressions_of_the_subset_answer_alike() {
    on_both("expressions_of_the_subset_answer_alike", |bed| async move {
        bed.secured_table("notes", &["owner uuid", "t string", "n integer", "f float", "at datetime", "j json"], true).await;
        let rows = json!([
            {"t": "a", "n": 1, "f": 0.5, "at": "2026-01-01T00:00:00Z", "j": {"k": "x"}, "owner": subject(1)},
            {"t": "B", "n": 20, "f": 2.5, "at": "2026-06-01T00:00:00Z", "j": {"k": "y", "d": {"e": 5}}, "owner": null},
            {"t": null, "n": null, "f": null, "at": null, "j": null, "owner": subject(2)},
        ]);
        assert_eq!(bed.ask(Ask::post("notes", rows)).await.status, 201);
        for (using, expected) in [
            ("true", json!(["B", "a", null])),
            ("NULL", json!([])),
            ("n > 5", json!(["B"])),
            ("NOT (n > 5)", json!(["a"])),
            ("n IS NULL OR n = 1", json!(["a", null])),
            ("n IN (1, 2, 3)", json!(["a"])),
            ("n NOT IN (1, NULL)", json!([])),
            ("n BETWEEN 1 AND 10", json!(["a"])),
            ("t LIKE 'b%'", json!([])),
            ("t ILIKE 'b%'", json!(["B"])),
            ("t NOT LIKE 'a'", json!(["B"])),
            ("at < '2026-03-01'", json!(["a"])),
            ("at >= '2026-06-01 02:00:00+02'", json!(["B"])),
            ("f = 2.5", json!(["B"])),
            ("f < n", json!(["B", "a"])),
            ("j ->> 'k' = 'x'", json!(["a"])),
            ("(j -> 'd' ->> 'e')::int = 5", json!(["B"])),
            ("owner IS NOT DISTINCT FROM auth.uid()", json!(["a"])),
            ("owner::text = auth.jwt() ->> 'sub'", json!(["a"])),
            ("auth.role() = 'authenticated' AND t = 'a'", json!(["a"])),
            ("auth.email() = 'p1@example.org' AND n = 20", json!(["B"])),
            ("auth.jwt() -> 'app' ->> 'plan' IN ('pro', 'team') AND n = 1", json!(["a"])),
            ("auth.jwt() ->> 'nothing' IS NULL AND n = 1", json!(["a"])),
            ("(n > 5) IS NOT TRUE", json!(["a", null])),
            ("(n > 5) IS UNKNOWN", json!([null])),
            ("\"n\"::text = '20'", json!(["B"])),
        ] {
            bed.policy("notes", "p", "SELECT", using, "").await;
            let said = bed.ask(Ask::get("notes?select=t&order=t").caller(person(1))).await;
            let found: Value = said.json().as_array().unwrap().iter().map(|row| row["t"].clone()).collect();
            assert_eq!(found, expected, "{using} on {:?}: {said:?}", bed.db.dialect());
            bed.data.policies.drop("notes", "p").await.unwrap();
        }
        for (using, code) in [
            ("nope = 1", "42703"),
            ("owner = t", "42883"),
            ("n", "42804"),
            ("n = 'x'", "22P02"),
            ("EXISTS (SELECT 1)", "0A000"),
            ("true; DROP TABLE notes", "42601"),
        ] {
            let policy = NewPolicy {
                table: "notes".to_owned(),
                name: "p".to_owned(),
                command: "SELECT".to_owned(),
                permissive: true,
                roles: Vec::new(),
                using: Some(using.to_owned()),
                check: None,
            };
            let error = bed.data.policies.create(&policy).await.unwrap_err();
            assert_eq!(error.wire_code_str(), Some(code), "{using}: {error:?}");
            assert_eq!(error.field_str(), Some("using"));
        }
    })
    .await;
}
