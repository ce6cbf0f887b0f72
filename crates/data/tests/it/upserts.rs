//! Duplicates: refused, merged, ignored, replaced.

use busbar_data::Method;
use busbar_schema::{Action, NewForeignKey, NewTable};
use serde_json::json;

use crate::bed::{Ask, Bed, new_column, on_both, subject};

const MERGE: &str = "resolution=merge-duplicates, return=representation";
const IGNORE: &str = "resolution=ignore-duplicates, return=representation";

async fn table(bed: &Bed) {
    bed.table("t", &["sku string!*", "n integer", "t string"]).await;
    let said = bed
        .ask(Ask::post(
            "t",
            json!([{"sku": "a", "n": 1, "t": "x"}, {"sku": "b", "n": 2, "t": "y"}]),
        ))
        .await;
    assert_eq!(said.status, 201);
}

#[tokio::test]
async fn duplicates_become_what_was_preferred() {
    on_both("duplicates_become_what_was_preferred", |bed| async move {
        table(&bed).await;
        let rows = json!([{"sku": "b", "n": 20}, {"sku": "c", "n": 30}]);
        let plain = bed.ask(Ask::post("t", &rows)).await;
        assert_eq!((plain.status, plain.code().as_str()), (409, "23505"));
        let said = bed.ask(Ask::post("t?on_conflict=sku&select=sku,n,t", &rows).prefer(IGNORE)).await;
        assert_eq!((said.status, said.json()), (201, json!([{"sku": "c", "n": 30, "t": null}])));
        assert_eq!(
            said.header("Preference-Applied"),
            Some("resolution=ignore-duplicates, return=representation")
        );
        let said = bed.ask(Ask::post("t?on_conflict=sku&select=sku,n,t", &rows).prefer(MERGE)).await;
        assert_eq!(said.status, 200, "nothing was inserted");
        assert_eq!(said.json(), json!([{"sku": "b", "n": 20, "t": "y"}, {"sku": "c", "n": 30, "t": null}]));
        let mixed = json!([{"sku": "c", "n": 31}, {"sku": "d", "n": 40}]);
        assert_eq!(bed.ask(Ask::post("t?on_conflict=sku", &mixed).prefer(MERGE)).await.status, 201);
        assert_eq!(
            bed.rows("t?select=sku,n,t&order=sku").await,
            json!([{"sku": "a", "n": 1, "t": "x"}, {"sku": "b", "n": 20, "t": "y"}, {"sku": "c", "n": 31, "t": null},
                   {"sku": "d", "n": 40, "t": null}])
        );
        let id = subject(9);
        let by_key = json!({"id": id, "sku": "e", "n": 5});
        assert_eq!(bed.ask(Ask::post("t", &by_key).prefer(MERGE)).await.status, 201);
        assert_eq!(bed.ask(Ask::post("t", &by_key).prefer(MERGE)).await.status, 200, "the primary key by default");
        let said = bed.ask(Ask::post("t?on_conflict=n", &rows).prefer(MERGE)).await;
        assert_eq!((said.status, said.code().as_str()), (400, "42P10"));
        assert_eq!(bed.ask(Ask::post("t?on_conflict=nope", &rows).prefer(MERGE)).await.code(), "42703");
    })
    .await;
}

#[tokio::test]
async fn put_inserts_or_replaces_one_row() {
    on_both("put_inserts_or_replaces_one_row", |bed| async move {
        table(&bed).await;
        let id = subject(7);
        let path = format!("t?id=eq.{id}&select=sku,n,t");
        let put = |body: serde_json::Value| {
            Ask::new(Method::Put, &path)
                .body(body)
                .prefer("return=representation")
        };
        let said = bed
            .ask(put(json!({"id": id, "sku": "p", "n": 1, "t": "q"})))
            .await;
        assert_eq!(
            (said.status, said.json()),
            (201, json!([{"sku": "p", "n": 1, "t": "q"}]))
        );
        let said = bed.ask(put(json!({"id": id, "sku": "p", "n": 2}))).await;
        assert_eq!(
            (said.status, said.json()),
            (200, json!([{"sku": "p", "n": 2, "t": null}])),
            "unsent is gone"
        );
        let mut minimal = put(json!([{"id": id.to_uppercase(), "sku": "p"}]));
        minimal.headers.prefer = "";
        assert_eq!(bed.ask(minimal).await.status, 204);
        for (path, body, status, code) in [
            (
                format!("t?id=eq.{id}"),
                json!({"id": subject(8), "sku": "z"}),
                400,
                "PGRST115",
            ),
            (format!("t?id=eq.{id}"), json!({"sku": "z"}), 400, "PGRST115"),
            (format!("t?id=eq.{id}"), json!([]), 400, "PGRST115"),
            (
                format!("t?id=gt.{id}"),
                json!({"id": id, "sku": "z"}),
                405,
                "PGRST105",
            ),
            ("t".to_owned(), json!({"id": id, "sku": "z"}), 405, "PGRST105"),
            (
                format!("t?id=eq.{id}&n=eq.1"),
                json!({"id": id, "sku": "z"}),
                405,
                "PGRST105",
            ),
            (
                format!("t?id=eq.{id}&limit=1"),
                json!({"id": id, "sku": "z"}),
                400,
                "PGRST114",
            ),
            (
                "t?id=eq.nonsense".to_owned(),
                json!({"id": id, "sku": "z"}),
                400,
                "22P02",
            ),
        ] {
            let said = bed.ask(Ask::new(Method::Put, &path).body(body)).await;
            assert_eq!((said.status, said.code().as_str()), (status, code), "{path}");
        }
    })
    .await;
}

#[tokio::test]
async fn constraints_are_refused_in_postgresqls_words() {
    on_both("constraints_are_refused_in_postgresqls_words", |bed| async move {
        table(&bed).await;
        let child = NewTable {
            name: "child".to_owned(),
            columns: vec![new_column("t_id uuid"), new_column("name string!")],
            foreign_keys: vec![NewForeignKey {
                name: None,
                table: "t".to_owned(),
                columns: vec![("t_id".to_owned(), "id".to_owned())],
                on_delete: Action::Restrict,
                on_update: Action::NoAction,
            }],
            row_security: false,
        };
        bed.data.tables.create(&child).await.unwrap();
        let parent = bed.rows("t?select=id&sku=eq.a").await[0]["id"]
            .as_str()
            .unwrap()
            .to_owned();
        assert_eq!(
            bed.ask(Ask::post("child", json!({"t_id": parent, "name": "c"})))
                .await
                .status,
            201
        );
        for (ask, status, code) in [
            (Ask::post("t", json!({"sku": "a"})), 409, "23505"),
            (Ask::post("t", json!({"n": 1})), 400, "23502"),
            (Ask::patch("t?sku=eq.a", json!({"sku": null})), 400, "23502"),
            (Ask::patch("t", json!({"sku": "same"})), 409, "23505"),
            (
                Ask::post("child", json!({"t_id": subject(1), "name": "x"})),
                409,
                "23503",
            ),
            (Ask::new(Method::Delete, "t?sku=eq.a"), 409, "23503"),
            (
                Ask::post("t", json!([{"sku": "new"}, {"sku": "a"}])),
                409,
                "23505",
            ),
        ] {
            let path = format!("{:?} {} {}", ask.method, ask.table, ask.body);
            let said = bed.ask(ask).await;
            assert_eq!(
                (said.status, said.code().as_str()),
                (status, code),
                "{path}: {said:?}"
            );
        }
        let said = bed.ask(Ask::post("t", json!({"sku": "a"}))).await;
        assert_eq!(
            said.json()["message"],
            "duplicate key value violates unique constraint \"t_sku_key\""
        );
        assert!(
            said.json()["details"].as_str().unwrap().starts_with("Key (sku)"),
            "{said:?}"
        );
        assert_eq!(
            bed.rows("t?select=sku&order=sku").await,
            json!([{"sku": "a"}, {"sku": "b"}]),
            "all or nothing"
        );
    })
    .await;
}
