//! Inserting, updating and deleting.

use busbar_data::{Method, Profile};
use serde_json::{Value, json};

use crate::bed::{Ask, Bed, on_both};

const WHOLE: &str = "return=representation";

async fn numbers(bed: &Bed, query: &str) -> Value {
    let rows = bed.rows(&format!("t?select=n&order=n&{query}")).await;
    rows.as_array()
        .unwrap()
        .iter()
        .map(|row| row["n"].clone())
        .collect()
}

#[tokio::test]
async fn inserts_answer_what_was_preferred() {
    on_both("inserts_answer_what_was_preferred", |bed| async move {
        bed.table("t", &["n integer", "t string", "j json", "b boolean"])
            .await;
        let said = bed.ask(Ask::post("t", json!({"n": 1}))).await;
        assert_eq!(
            (said.status, said.text.as_str(), said.header("Content-Range")),
            (201, "", Some("*/*"))
        );
        assert_eq!(said.header("Content-Type"), None);
        let said = bed.ask(Ask::post("t", json!({"n": 1})).insforge()).await;
        assert_eq!(
            (said.status, said.text.as_str()),
            (201, "[]"),
            "InsForge's gateway answers an empty list"
        );
        let ask = Ask::post(
            "t?select=n,j,b,created_at",
            json!({"n": 2, "j": {"a": [1, "ü"]}, "b": true}),
        );
        let said = bed.ask(ask.prefer("return=representation, count=exact")).await;
        assert_eq!(said.status, 201);
        assert_eq!(said.json()[0]["j"], json!({"a": [1, "ü"]}));
        assert_eq!(said.json()[0]["b"], json!(true));
        assert!(said.json()[0]["created_at"].as_str().unwrap().ends_with("+00:00"));
        assert_eq!(said.header("Content-Range"), Some("*/1"));
        assert_eq!(
            said.header("Preference-Applied"),
            Some("return=representation, count=exact")
        );
        let said = bed
            .ask(Ask::post("t", json!({"n": 3})).prefer("return=headers-only"))
            .await;
        let location = said.header("Location").unwrap().to_owned();
        assert!(location.starts_with("/t?id=eq."), "{location}");
        assert_eq!(
            bed.rows(&format!("t?select=n&{}", &location[3..])).await,
            json!([{"n": 3}])
        );
        let single = Ask::post("t?select=n", json!([{"n": 4}])).prefer(WHOLE);
        let said = bed.ask(single.accept("application/vnd.pgrst.object+json")).await;
        assert_eq!((said.status, said.text.as_str()), (201, "{\"n\":4}"));
        let two = Ask::post("t", json!([{"n": 5}, {"n": 6}])).prefer(WHOLE);
        let said = bed.ask(two.accept("application/vnd.pgrst.object+json")).await;
        assert_eq!((said.status, said.code().as_str()), (406, "PGRST116"));
        assert_eq!(
            numbers(&bed, "n=gt.4").await,
            json!([]),
            "a refused write leaves nothing"
        );
        let said = bed
            .ask(
                Ask::post("t?select=n", json!([{"n": 8, "b": null}]))
                    .prefer(WHOLE)
                    .accept("text/csv"),
            )
            .await;
        assert_eq!(said.text, "n\n8");
    })
    .await;
}

#[tokio::test]
async fn bodies_of_every_sort_are_taken() {
    on_both("bodies_of_every_sort_are_taken", |bed| async move {
        bed.table("t", &["n integer", "t string", "b boolean"]).await;
        let csv = "n,t\n1,\"a, \"\"b\"\"\"\n2,NULL\n3,\n";
        let said = bed
            .ask(Ask::post("t", csv).content_type("text/csv; charset=utf-8"))
            .await;
        assert_eq!(said.status, 201, "{said:?}");
        assert_eq!(
            bed.rows("t?select=n,t&order=n").await,
            json!([{"n": 1, "t": "a, \"b\""}, {"n": 2, "t": null}, {"n": 3, "t": ""}])
        );
        let form = Ask::post("t", "n=4&t=a+b%26c").content_type("application/x-www-form-urlencoded");
        assert_eq!(bed.ask(form).await.status, 201);
        assert_eq!(bed.rows("t?select=t&n=eq.4").await, json!([{"t": "a b&c"}]));
        for (body, inserted) in [("[]", 0), ("{}", 1), ("[{},{}]", 2), ("null", 0), ("17", 0)] {
            let before = bed.rows("t?select=n").await.as_array().unwrap().len();
            let said = bed.ask(Ask::post("t?select=n", body).prefer(WHOLE)).await;
            assert_eq!(
                (said.status, said.json().as_array().unwrap().len()),
                (201, inserted),
                "{body}"
            );
            assert_eq!(
                bed.rows("t?select=n").await.as_array().unwrap().len(),
                before + inserted
            );
        }
        let many: Vec<Value> = (100..1100)
            .map(|n| json!({"n": n, "t": format!("row {n}"), "b": n % 2 == 0}))
            .collect();
        let said = bed
            .ask(Ask::post("t?select=n", Value::from(many)).prefer(WHOLE))
            .await;
        let expected: Vec<Value> = (100..1100).map(|n| json!({"n": n})).collect();
        assert_eq!(said.json(), Value::from(expected), "every row, in order");
        assert_eq!(
            bed.rows("t?select=n&b=is.true&n=gte.100")
                .await
                .as_array()
                .unwrap()
                .len(),
            500
        );
    })
    .await;
}

#[tokio::test]
async fn columns_choose_keys_and_missing_chooses_defaults() {
    on_both(
        "columns_choose_keys_and_missing_chooses_defaults",
        |bed| async move {
            let mut columns: Vec<_> = ["n integer", "t string"].map(crate::bed::new_column).into();
            columns[1].default = Some("none".to_owned());
            let table = busbar_schema::NewTable {
                name: "t".to_owned(),
                columns,
                foreign_keys: Vec::new(),
                row_security: false,
            };
            bed.data.tables.create(&table).await.unwrap();
            let rows = json!([{"n": 1, "t": "x", "other": 5}, {"n": 2}, {"t": null, "n": 3}]);
            let path = "t?columns=\"n\",\"t\"";
            assert_eq!(bed.ask(Ask::post(path, &rows)).await.status, 201);
            let said = bed.ask(Ask::post(path, &rows).prefer("missing=default")).await;
            assert_eq!(said.header("Preference-Applied"), Some("missing=default"));
            assert_eq!(
                bed.rows("t?select=n,t&order=n,t.nullsfirst").await,
                json!([{"n": 1, "t": "x"}, {"n": 1, "t": "x"}, {"n": 2, "t": null}, {"n": 2, "t": "none"},
                   {"n": 3, "t": null}, {"n": 3, "t": null}])
            );
            for (path, body, code) in [
                ("t", json!({"nope": 1}), "PGRST204"),
                ("t?columns=nope", json!({"n": 1}), "PGRST204"),
                ("t", json!([{"n": 1}, {"t": "x"}]), "PGRST102"),
                ("t", json!([1]), "PGRST102"),
            ] {
                let said = bed.ask(Ask::post(path, body)).await;
                assert_eq!((said.status, said.code().as_str()), (400, code), "{path}");
            }
            let said = bed
                .ask(Ask::patch("t?n=eq.1&columns=t", "{}").prefer("missing=default"))
                .await;
            assert_eq!(said.status, 204);
            assert_eq!(
                bed.rows("t?select=t&n=eq.1").await,
                json!([{"t": "none"}, {"t": "none"}])
            );
        },
    )
    .await;
}

#[tokio::test]
async fn empty_texts_are_left_out_for_insforge_only() {
    on_both("empty_texts_are_left_out_for_insforge_only", |bed| async move {
        bed.table("t", &["n integer", "t string", "at datetime"]).await;
        let row = json!({"n": "", "t": "", "at": "", "unknown": ""});
        let mut ask = Ask::post("t?select=n,t,at", &row).prefer(WHOLE).insforge();
        assert_eq!(
            bed.ask(ask.clone()).await.json(),
            json!([{"n": null, "t": "", "at": null}])
        );
        ask.body = json!([{"n": 1, "t": "x"}, {"n": "", "t": ""}, {"n": 2, "t": ""}]).to_string();
        assert_eq!(
            bed.ask(ask.clone()).await.json()[1],
            json!({"n": null, "t": "", "at": null})
        );
        ask.profile = Profile::Postgrest;
        ask.body = json!({"n": "", "t": ""}).to_string();
        let said = bed.ask(ask).await;
        assert_eq!((said.status, said.code().as_str()), (400, "22P02"));
    })
    .await;
}

#[tokio::test]
async fn updates_change_what_the_filters_pick() {
    on_both("updates_change_what_the_filters_pick", |bed| async move {
        bed.table("t", &["n integer", "t string", "j json"]).await;
        let rows: Vec<Value> = (1..=5).map(|n| json!({"n": n, "t": "a"})).collect();
        bed.ask(Ask::post("t", Value::from(rows))).await;
        let said = bed.ask(Ask::patch("t?n=lt.3", json!({"t": "b", "j": [1]}))).await;
        assert_eq!((said.status, said.header("Content-Range")), (204, Some("0-1/*")));
        let ask = Ask::patch("t?n=eq.1&select=n,t,j", json!({"t": "c"}));
        let said = bed.ask(ask.prefer("return=representation, count=exact")).await;
        assert_eq!((said.status, said.header("Content-Range")), (200, Some("0-0/1")));
        assert_eq!(said.json(), json!([{"n": 1, "t": "c", "j": [1]}]));
        let none = bed
            .ask(Ask::patch("t?n=eq.99", json!({"t": "x"})).prefer(WHOLE))
            .await;
        assert_eq!(
            (none.status, none.text.as_str(), none.header("Content-Range")),
            (200, "[]", Some("*/*"))
        );
        for body in ["{}", "[]"] {
            assert_eq!(bed.ask(Ask::patch("t", body)).await.status, 204);
            assert_eq!(bed.ask(Ask::patch("t", body).prefer(WHOLE)).await.text, "[]");
        }
        let single = Ask::patch("t?n=lt.3", json!({"t": "z"})).accept("application/vnd.pgrst.object+json");
        assert_eq!(bed.ask(single).await.code(), "PGRST116");
        assert_eq!(numbers(&bed, "t=eq.z").await, json!([]), "rolled back");
        let strict = "handling=strict, max-affected=1";
        let said = bed
            .ask(Ask::patch("t?n=lt.3", json!({"t": "z"})).prefer(strict))
            .await;
        assert_eq!((said.status, said.code().as_str()), (400, "PGRST124"));
        assert_eq!(said.json()["details"], "The query affects 2 rows");
        assert_eq!(numbers(&bed, "t=eq.z").await, json!([]), "rolled back");
        let said = bed
            .ask(Ask::patch("t?n=eq.3", json!({"t": "z"})).prefer(strict))
            .await;
        assert_eq!(said.header("Preference-Applied"), Some(strict));
        let limited = bed
            .ask(Ask::patch("t?order=n.desc&limit=2", json!({"t": "last"})))
            .await;
        assert_eq!(
            (limited.status, limited.header("Content-Range")),
            (204, Some("0-1/*"))
        );
        assert_eq!(numbers(&bed, "t=eq.last").await, json!([4, 5]));
        assert_eq!(
            bed.ask(Ask::patch("t?limit=1", json!({"n": 1}))).await.code(),
            "PGRST109"
        );
        let all = bed
            .ask(Ask::patch("t", json!({"t": "all"})).prefer("count=exact"))
            .await;
        assert_eq!(all.header("Content-Range"), Some("0-4/5"));
    })
    .await;
}

#[tokio::test]
async fn updates_stamp_the_time() {
    on_both("updates_stamp_the_time", |bed| async move {
        bed.table("t", &["n integer"]).await;
        bed.ask(Ask::post(
            "t",
            json!({"n": 1, "updated_at": "2000-01-01T00:00:00Z"}),
        ))
        .await;
        assert_eq!(
            bed.rows("t?select=updated_at").await,
            json!([{"updated_at": "2000-01-01T00:00:00+00:00"}])
        );
        let said = bed
            .ask(Ask::patch("t?select=updated_at", json!({"n": 2})).prefer(WHOLE))
            .await;
        let stamped = said.json()[0]["updated_at"].as_str().unwrap().to_owned();
        assert!(stamped.as_str() > "2026", "{stamped}");
        assert_eq!(bed.rows("t?select=updated_at").await[0]["updated_at"], stamped);
        bed.db
            .execute("UPDATE t SET updated_at = created_at, n = 3", vec![])
            .await
            .unwrap();
        bed.db.execute("UPDATE t SET n = 4", vec![]).await.unwrap();
        let stamped = bed.rows("t?select=updated_at,created_at,n").await;
        assert!(stamped[0]["updated_at"].as_str() >= stamped[0]["created_at"].as_str());
    })
    .await;
}

#[tokio::test]
async fn deletes_remove_what_the_filters_pick() {
    on_both("deletes_remove_what_the_filters_pick", |bed| async move {
        bed.table("t", &["n integer"]).await;
        let rows: Vec<Value> = (1..=6).map(|n| json!({"n": n})).collect();
        bed.ask(Ask::post("t", Value::from(rows))).await;
        let said = bed
            .ask(Ask::new(Method::Delete, "t?n=eq.1&select=n").prefer("return=representation,count=exact"))
            .await;
        assert_eq!(
            (said.status, said.text.as_str(), said.header("Content-Range")),
            (200, "[{\"n\":1}]", Some("*/1"))
        );
        let said = bed.ask(Ask::new(Method::Delete, "t?n=eq.2")).await;
        assert_eq!((said.status, said.header("Content-Range")), (204, Some("*/*")));
        let said = bed.ask(Ask::new(Method::Delete, "t?order=n.desc&limit=1")).await;
        assert_eq!(said.status, 204);
        assert_eq!(numbers(&bed, "").await, json!([3, 4, 5]));
        let strict = Ask::new(Method::Delete, "t").prefer("handling=strict, max-affected=2");
        assert_eq!(bed.ask(strict).await.code(), "PGRST124");
        assert_eq!(numbers(&bed, "").await, json!([3, 4, 5]));
        assert_eq!(bed.ask(Ask::new(Method::Delete, "t")).await.status, 204);
        assert_eq!(numbers(&bed, "").await, json!([]));
    })
    .await;
}

#[tokio::test]
async fn limited_writes_tell_rows_without_an_address_by_their_key() {
    on_both("limited_writes_tell_rows_without_an_address", |bed| async move {
        let without = if bed.db.dialect() == busbar_store::Dialect::Postgres {
            ""
        } else {
            " WITHOUT ROWID"
        };
        bed.sql(&format!(
            "CREATE TABLE w (a integer NOT NULL, b integer NOT NULL, n integer, PRIMARY KEY (a, b)){without}"
        ))
        .await;
        bed.sql("INSERT INTO w (a, b, n) VALUES (1, 1, 1), (1, 2, 2), (2, 1, 3)")
            .await;
        let said = bed
            .ask(Ask::patch("w?order=n.desc&limit=1&select=n", json!({"n": 9})).prefer(WHOLE))
            .await;
        assert_eq!((said.status, said.json()), (200, json!([{"n": 9}])));
        assert_eq!(bed.rows("w?order=a,b").await.as_array().unwrap().len(), 3);
        let said = bed
            .ask(Ask::new(Method::Delete, "w?order=n&limit=1&offset=1&select=a,b").prefer(WHOLE))
            .await;
        assert_eq!((said.status, said.json()), (200, json!([{"a": 1, "b": 2}])));
        assert_eq!(
            bed.rows("w?select=a,b,n&order=a").await,
            json!([{"a": 1, "b": 1, "n": 1}, {"a": 2, "b": 1, "n": 9}])
        );
    })
    .await;
}
