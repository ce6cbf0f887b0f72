//! Violated keys, named with their values on both databases.

use busbar_data::Method;
use busbar_schema::{Action, NewForeignKey, NewTable};
use serde_json::json;

use crate::bed::{Ask, Bed, new_column, on_both, person};

async fn tables(bed: &Bed) {
    bed.table("parents", &["code string!*", "n integer"]).await;
    let child = NewTable {
        name: "children".to_owned(),
        columns: vec![new_column("parent string"), new_column("label string")],
        foreign_keys: vec![NewForeignKey {
            name: None,
            table: "parents".to_owned(),
            columns: vec![("parent".to_owned(), "code".to_owned())],
            on_delete: Action::NoAction,
            on_update: Action::NoAction,
        }],
        row_security: false,
    };
    bed.data.tables.create(&child).await.unwrap();
    let rows = json!([{"code": "a", "n": 1}, {"code": "b", "n": 2}]);
    assert_eq!(bed.ask(Ask::post("parents", rows)).await.status, 201);
    assert_eq!(
        bed.ask(Ask::post("children", json!({"parent": "a"})))
            .await
            .status,
        201
    );
}

#[tokio::test]
async fn w6_a_duplicate_names_its_key_and_value() {
    on_both("w6_a_duplicate_names_its_key_and_value", |bed| async move {
        tables(&bed).await;
        for body in [
            json!({"code": "a"}),
            json!([{"code": "x"}, {"code": "a"}]),
            json!([{"code": "new"}, {"code": "a"}, {"code": "b"}]),
        ] {
            let said = bed.ask(Ask::post("parents", body)).await;
            assert_eq!((said.status, said.code().as_str()), (409, "23505"));
            assert_eq!(said.json()["details"], "Key (code)=(a) already exists.");
            assert_eq!(
                said.json()["message"],
                "duplicate key value violates unique constraint \"parents_code_key\""
            );
        }
        let twice = bed
            .ask(Ask::post("parents", json!([{"code": "q"}, {"code": "q"}])))
            .await;
        assert_eq!(twice.json()["details"], "Key (code)=(q) already exists.");
        let changed = bed
            .ask(Ask::patch("parents?code=eq.b", json!({"code": "a"})))
            .await;
        assert_eq!(changed.json()["details"], "Key (code)=(a) already exists.");
    })
    .await;
}

#[tokio::test]
async fn w6_a_broken_reference_names_both_ends() {
    on_both("w6_a_broken_reference_names_both_ends", |bed| async move {
        tables(&bed).await;
        let orphan = bed.ask(Ask::post("children", json!([{"parent": "a"}, {"parent": "zz"}]))).await;
        assert_eq!((orphan.status, orphan.code().as_str()), (409, "23503"));
        assert_eq!(
            orphan.json()["details"],
            "Key (parent)=(zz) is not present in table \"parents\"."
        );
        assert_eq!(
            orphan.json()["message"],
            "insert or update on table \"children\" violates foreign key constraint \"fk_parent_parents_code\""
        );
        let moved = bed.ask(Ask::patch("children", json!({"parent": "yy"}))).await;
        assert_eq!(
            moved.json()["details"],
            "Key (parent)=(yy) is not present in table \"parents\"."
        );
        let held = bed.ask(Ask::new(Method::Delete, "parents?n=gte.1")).await;
        assert_eq!((held.status, held.code().as_str()), (409, "23503"));
        assert_eq!(
            held.json()["details"],
            "Key (code)=(a) is still referenced from table \"children\"."
        );
        assert_eq!(
            held.json()["message"],
            "update or delete on table \"parents\" violates foreign key constraint \"fk_parent_parents_code\" on \
             table \"children\""
        );
    })
    .await;
}

#[tokio::test]
async fn w6_of_several_references_the_broken_one_is_named() {
    on_both("w6_of_several_references", |bed| async move {
        tables(&bed).await;
        bed.sql(
            "CREATE TABLE boxes (id integer PRIMARY KEY, inside integer CONSTRAINT \"in a box\" REFERENCES boxes (id), \
             first text CONSTRAINT \"the first\" REFERENCES parents (code), \
             second text CONSTRAINT \"the second\" REFERENCES parents (code))",
        )
        .await;
        let broken = |name: &str| format!("insert or update on table \"boxes\" violates foreign key constraint \"{name}\"");
        let good = json!([{"id": 1, "inside": 2, "first": "a", "second": "b"}, {"id": 2, "inside": null, "first": "a", "second": null}]);
        assert_eq!(bed.ask(Ask::post("boxes", good)).await.status, 201);
        for (body, name, details) in [
            (
                json!([{"id": 3, "inside": 4, "first": "a", "second": "zz"}, {"id": 4, "inside": null, "first": "a", "second": "a"}]),
                "the second",
                "Key (second)=(zz) is not present in table \"parents\".",
            ),
            (
                json!([{"id": 3, "inside": 9, "first": "a", "second": "a"}]),
                "in a box",
                "Key (inside)=(9) is not present in table \"boxes\".",
            ),
        ] {
            let said = bed.ask(Ask::post("boxes", body)).await;
            assert_eq!((said.status, said.code().as_str()), (409, "23503"));
            assert_eq!(said.json()["message"], broken(name));
            assert_eq!(said.json()["details"], details);
        }
        let moved = bed.ask(Ask::patch("boxes?id=eq.2", json!({"second": "yy"}))).await;
        assert_eq!(moved.json()["message"], broken("the second"));
        // A key that others refer to may not change either.
        let renamed = bed.ask(Ask::patch("boxes?id=eq.2", json!({"id": 7}))).await;
        assert_eq!(
            renamed.json()["message"],
            "update or delete on table \"boxes\" violates foreign key constraint \"in a box\" on table \"boxes\""
        );
        assert_eq!(renamed.json()["details"], "Key (id)=(2) is still referenced from table \"boxes\".");
    })
    .await;
}

#[tokio::test]
async fn w6_a_refused_row_is_shown() {
    on_both("w6_a_refused_row_is_shown", |bed| async move {
        bed.sql(
            "CREATE TABLE checked (id integer PRIMARY KEY, t text NOT NULL DEFAULT 'none', n integer, b boolean, at timestamptz, \
             j json, f double precision, CONSTRAINT \"n_is_small\" CHECK (n < 10))",
        )
        .await;
        let row = json!({"id": 1, "t": "x", "n": 11, "b": true, "at": "2026-11-21T13:15:30.5Z", "j": {"a": 1}, "f": 1.5});
        let shown = "Failing row contains (1, x, 11, t, 2026-11-21 13:15:30.5+00, {\"a\":1}, 1.5).";
        let mut without_json = row.clone();
        without_json["j"] = json!(null);
        let bare = "Failing row contains (1, x, 11, t, 2026-11-21 13:15:30.5+00, null, 1.5).";
        let long = "é".repeat(40);
        for (method, path, body, code, details) in [
            (Method::Post, "checked", row.clone(), "23514", shown.to_owned()),
            (Method::Post, "checked", without_json.clone(), "23514", bare.to_owned()),
            (Method::Put, "checked?id=eq.1", without_json, "23514", bare.to_owned()),
            (
                Method::Post,
                "checked",
                json!([{"id": 2, "n": 1}, {"id": 3, "n": 12}, {"id": 4, "n": 13}]),
                "23514",
                "Failing row contains (3, none, 12, null, null, null, null).".to_owned(),
            ),
            (
                Method::Post,
                "checked",
                json!([{"id": 2, "t": "x"}, {"id": 3, "t": null}]),
                "23502",
                "Failing row contains (3, null, null, null, null, null, null).".to_owned(),
            ),
            (
                Method::Post,
                "checked",
                json!({"id": 5, "t": long, "n": 10}),
                "23514",
                format!("Failing row contains (5, {}..., 10, null, null, null, null).", "é".repeat(32)),
            ),
        ] {
            let said = bed.ask(Ask::new(method, path).body(&body)).await;
            assert_eq!((said.status, said.code().as_str()), (400, code), "{body} {said:?}");
            assert_eq!(said.json()["details"], details, "on {:?}", bed.db.dialect());
        }
        let rows = json!([{"id": 1, "n": 1, "f": 20.5}, {"id": 2, "n": 2, "f": 2}, {"id": 3, "n": 3, "f": 3}]);
        assert_eq!(bed.ask(Ask::post("checked", rows)).await.status, 201);
        bed.sql("CREATE TABLE sums (id integer PRIMARY KEY, n integer, m integer NOT NULL, CHECK (n + m < 10))").await;
        let rows = json!([{"id": 1, "n": 1, "m": 1}, {"id": 2, "n": 7, "m": 1}, {"id": 3, "n": 1, "m": 1}]);
        assert_eq!(bed.ask(Ask::post("sums", rows)).await.status, 201);
        for (path, body, code, details) in [
            ("checked?id=gte.2", json!({"n": 10}), "23514", "Failing row contains (2, none, 10, null, null, null, 2)."),
            ("checked?id=eq.1", json!({"t": null}), "23502", "Failing row contains (1, null, 1, null, null, null, 20.5)."),
            ("sums?id=lt.9", json!({"m": 5}), "23514", "Failing row contains (2, 7, 5)."),
            ("sums", json!({"m": null}), "23502", "Failing row contains (1, 1, null)."),
        ] {
            let said = bed.ask(Ask::patch(path, body)).await;
            assert_eq!((said.status, said.code().as_str()), (400, code), "{path} {said:?}");
            assert_eq!(said.json()["details"], details, "on {:?}", bed.db.dialect());
        }
        // Who may not see the row is not shown it either.
        for table in ["checked", "sums"] {
            bed.secure(table).await;
            bed.policy(table, "all", "ALL", "true", "true").await;
        }
        let said = bed.ask(Ask::post("sums", json!({"id": 9, "n": 9, "m": 9})).caller(person(1))).await;
        assert_eq!((said.code().as_str(), &said.json()["details"]), ("23514", &json!(null)));
        let rows = bed.rows("sums?select=id,n,m&order=id").await;
        assert_eq!(rows, json!([{"id": 1, "n": 1, "m": 1}, {"id": 2, "n": 7, "m": 1}, {"id": 3, "n": 1, "m": 1}]));
    })
    .await;
}

#[tokio::test]
async fn r3_a_table_that_is_meant_is_offered() {
    on_both("r3_a_table_that_is_meant_is_offered", |bed| async move {
        tables(&bed).await;
        let said = bed.ask(Ask::get("parent")).await;
        assert_eq!((said.status, said.code().as_str()), (404, "42P01"));
        assert_eq!(
            said.json()["hint"],
            "Perhaps you meant the table 'public.parents'"
        );
        let far = bed.ask(Ask::get("nothing_like_it")).await;
        assert_eq!(far.json()["hint"], json!(null));
    })
    .await;
}
