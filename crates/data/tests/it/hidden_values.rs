//! What errors and limits tell of rows that policies hide, alike on both databases.

use busbar_data::{Caller, Method};
use serde_json::json;

use crate::bed::{Ask, on_both, person, subject};

#[tokio::test]
async fn who_may_add_nothing_learns_nothing_of_what_is_there() {
    on_both("who_may_add_nothing_learns_nothing", |bed| async move {
        bed.secured_table("leads", &["email string*", "age integer!"], true)
            .await;
        let known = json!({"email": "carol@example.org", "age": 30});
        assert_eq!(bed.ask(Ask::post("leads", known.clone())).await.status, 201);
        bed.policy("leads", "change", "UPDATE", "true", "").await;
        let unknown = json!({"email": "nobody@example.org", "age": 30});
        let incomplete = json!({"email": "nobody@example.org"});
        for body in [known, unknown, incomplete] {
            for (path, prefer) in [
                ("leads", "return=minimal"),
                ("leads?on_conflict=email", "resolution=ignore-duplicates"),
                ("leads?on_conflict=email", "resolution=merge-duplicates"),
            ] {
                let said = bed
                    .ask(
                        Ask::post(path, body.clone())
                            .prefer(prefer)
                            .caller(Caller::anon()),
                    )
                    .await;
                assert_eq!((said.status, said.code().as_str()), (401, "42501"), "{said:?}");
                assert_eq!(
                    said.json()["message"],
                    "new row violates row-level security policy for table \"leads\""
                );
            }
        }
    })
    .await;
}

#[tokio::test]
async fn what_a_reference_does_to_others_shows_nothing_of_them() {
    on_both("what_a_reference_does_to_others", |bed| async move {
        bed.sql("CREATE TABLE one (id integer PRIMARY KEY, t text)").await;
        bed.sql(
            "CREATE TABLE two (id text PRIMARY KEY, one integer NOT NULL REFERENCES one (id) ON DELETE SET NULL, secret text)",
        )
        .await;
        bed.sql(
            "CREATE TABLE three (id text PRIMARY KEY, one integer DEFAULT 0 REFERENCES one (id) ON DELETE SET DEFAULT, \
             secret text, UNIQUE (one, secret))",
        )
        .await;
        bed.sql("INSERT INTO one VALUES (0, 'x'), (1, 'x'), (2, 'x')").await;
        bed.sql("INSERT INTO two VALUES ('k', 1, 'hidden')").await;
        bed.sql("INSERT INTO three VALUES ('k', 2, 'hidden'), ('l', 0, 'hidden')").await;
        for table in ["two", "three"] {
            assert_eq!(bed.rows(&format!("{table}?select=secret&limit=1")).await, json!([{"secret": "hidden"}]));
            bed.secure(table).await;
            bed.policy(table, "nobody", "ALL", "false", "").await;
        }
        for (id, code) in [(1, "23502"), (2, "23505")] {
            let said = bed
                .ask(Ask::new(Method::Delete, &format!("one?id=eq.{id}")).caller(Caller::anon()))
                .await;
            assert_eq!(said.code(), code, "{said:?}");
            assert!(!format!("{said:?}").contains("hidden"), "{said:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_limit_counts_what_is_seen_not_what_may_be_written() {
    on_both("a_limit_counts_what_is_seen", |bed| async move {
        bed.secured_table("notes", &["n integer", "owner uuid", "t string"], true).await;
        let rows = json!([{"n": 1, "owner": subject(2)}, {"n": 2, "owner": subject(1)}, {"n": 3, "owner": subject(1)}]);
        assert_eq!(bed.ask(Ask::post("notes", rows)).await.status, 201);
        bed.policy("notes", "see", "SELECT", "true", "").await;
        for (name, command) in [("change", "UPDATE"), ("remove", "DELETE")] {
            bed.policy("notes", name, command, "owner = auth.uid()", "").await;
        }
        for (limit, touched) in [(1, json!([])), (2, json!([{"n": 2}]))] {
            let path = format!("notes?order=n&limit={limit}&select=n");
            let changed = Ask::patch(&path, json!({"t": "x"})).prefer("return=representation");
            assert_eq!(bed.ask(changed.caller(person(1))).await.json(), touched);
            let removed = Ask::new(Method::Delete, &path).prefer("return=representation");
            assert_eq!(bed.ask(removed.caller(person(1))).await.json(), touched);
        }
        assert_eq!(bed.rows("notes?select=n&order=n").await, json!([{"n": 1}, {"n": 3}]));
    })
    .await;
}
