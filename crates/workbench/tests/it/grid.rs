//! The record grid.

use busbar_workbench::{GridQuery, GridRow};
use serde_json::{Value, json};

use crate::bed::{Bed, on_both};

fn row(value: Value) -> GridRow {
    value.as_object().unwrap().clone()
}

async fn people(bed: &Bed) {
    bed.sql(
        "CREATE TABLE people (id integer PRIMARY KEY, name text, age integer, live boolean, extra jsonb, \
         born date, seen timestamptz)",
    )
    .await;
    let rows = [
        json!({"id": 1, "name": "Ada", "age": 36, "live": true, "extra": {"a": 1}}),
        json!({"id": 2, "name": "bob_", "age": 40, "live": false, "extra": null}),
        json!({"id": 3, "name": "Eve%", "age": 40}),
    ];
    let rows: Vec<GridRow> = rows.into_iter().map(row).collect();
    let made = bed.bench.grid.insert("public", "people", &rows).await.unwrap();
    assert_eq!(made.len(), 3);
    assert_eq!(
        (&made[0]["live"], &made[0]["extra"]),
        (&json!(true), &json!({"a": 1}))
    );
}

#[tokio::test]
async fn rows_are_paged_searched_sorted_and_filtered() {
    on_both("rows_are_paged", async |bed| {
        people(&bed).await;
        let page = async |query: GridQuery| {
            let page = bed.bench.grid.page("public", "people", &query).await.unwrap();
            let ids: Vec<i64> = page.rows.iter().map(|row| row["id"].as_i64().unwrap()).collect();
            (ids, page.total)
        };
        let base = GridQuery {
            limit: 50,
            ..GridQuery::default()
        };
        assert_eq!(page(base.clone()).await, (vec![1, 2, 3], 3));
        let sorted = GridQuery {
            sort: Some("age:desc,name:asc".into()),
            limit: 2,
            offset: 1,
            ..base.clone()
        };
        assert_eq!(page(sorted).await.1, 3);
        let search = |text: &str| GridQuery {
            search: Some(text.into()),
            ..base.clone()
        };
        assert_eq!(page(search("ADA")).await, (vec![1], 1));
        assert_eq!(page(search("_")).await, (vec![2], 1));
        assert_eq!(page(search("%")).await, (vec![3], 1));
        assert_eq!(page(search("' OR 1=1 --")).await, (vec![], 0));
        let filter = GridQuery {
            filter: Some(("age".into(), "40".into())),
            ..base.clone()
        };
        assert_eq!(page(filter).await.1, 2);
        for bad in [
            GridQuery {
                sort: Some("nothing:asc".into()),
                ..base.clone()
            },
            GridQuery {
                sort: Some("age:up".into()),
                ..base.clone()
            },
            GridQuery {
                filter: Some(("age\" OR 1=1".into(), "1".into())),
                ..base.clone()
            },
            GridQuery {
                limit: 501,
                ..base.clone()
            },
        ] {
            assert!(
                bed.bench.grid.page("public", "people", &bad).await.is_err(),
                "{bad:?}"
            );
        }
    })
    .await;
}

#[tokio::test]
async fn rows_are_looked_up_changed_and_deleted() {
    on_both("rows_are_looked_up", async |bed| {
        people(&bed).await;
        let grid = &bed.bench.grid;
        let key = |id: i64| row(json!({ "id": id }));
        let found = grid.look_up("public", "people", &key(1)).await.unwrap().unwrap();
        assert_eq!(found["name"], "Ada");
        assert_eq!(grid.look_up("public", "people", &key(9)).await.unwrap(), None);
        let data = row(json!({"name": "Grace", "live": "true", "born": "1906-12-09", "seen": "2026-11-21T10:00:00+01:00"}));
        let changed = grid.update("public", "people", &key(2), &data).await.unwrap();
        assert_eq!((&changed["name"], &changed["live"]), (&json!("Grace"), &json!(true)));
        assert_eq!(changed["seen"], "2026-11-21T09:00:00.000Z");
        assert_eq!(changed["born"], "1906-12-09T00:00:00.000Z");
        let missing = grid.update("public", "people", &key(9), &data).await.unwrap_err();
        assert_eq!(missing.code_str(), "row.not_found");
        let wrong = row(json!({"age": "old"}));
        assert_eq!(
            grid.update("public", "people", &key(1), &wrong).await.unwrap_err().wire_code_str(),
            Some("22P02")
        );
        assert_eq!(grid.delete("public", "people", &[key(1), key(2), key(9)]).await.unwrap(), 2);
        assert!(grid.delete("public", "people", &[row(json!({}))]).await.is_err());
        let twice = [row(json!({"id": 7})), row(json!({"id": 7}))];
        assert!(grid.insert("public", "people", &twice).await.is_err());
        assert_eq!(grid.look_up("public", "people", &key(7)).await.unwrap(), None);
    })
    .await;
}
