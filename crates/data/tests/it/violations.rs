//! Violated keys, named with their values on both databases.

use busbar_data::Method;
use busbar_schema::{Action, NewForeignKey, NewTable};
use serde_json::json;

use crate::bed::{Ask, Bed, new_column, on_both};

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
