//! Reads, writes and batches.

use busbar_kernel::{Error, Kind};
use busbar_store::{Step, params};

use crate::harness::{count, on_each, state, with_table};

#[tokio::test]
async fn rows_written_are_read_back() {
    on_each("rows_written_are_read_back", |store| async move {
        let db = with_table(&store).await;
        let insert = "INSERT INTO t VALUES ($1, $2)";
        assert_eq!(db.execute(insert, params![1, "one"]).await.unwrap(), 1);
        let returning = "INSERT INTO t VALUES ($1, $2) RETURNING id, name";
        let back: Vec<(i64, String)> = db.returning(returning, params![2, "two"]).await.unwrap();
        assert_eq!(back, [(2, "two".to_owned())]);
        let names: Vec<String> = db.all("SELECT name FROM t ORDER BY id", params![]).await.unwrap();
        assert_eq!(names, ["one", "two"]);
        assert_eq!(
            db.execute("UPDATE t SET name = $1 WHERE id > $2", params!["x", 0])
                .await
                .unwrap(),
            2
        );
        let name = "SELECT name FROM t WHERE id = $1";
        assert_eq!(db.optional::<String>(name, params![9]).await.unwrap(), None);
        let nothing = db.one::<String>(name, params![9]).await.unwrap_err();
        assert_eq!(
            (nothing.kind(), nothing.code_str()),
            (Kind::NotFound, "row.not_found")
        );
        assert_eq!(db.execute("DELETE FROM t", params![]).await.unwrap(), 2);
    })
    .await;
}

#[tokio::test]
async fn a_batch_holds_wholly_or_not_at_all() {
    on_each("a_batch_holds_wholly_or_not_at_all", |store| async move {
        let db = with_table(&store).await;
        let steps = vec![
            Step::new("INSERT INTO t VALUES ($1, $2)", params![1, "one"]),
            Step::new("SELECT name FROM t WHERE id = $1", params![1]),
            Step::new(
                "UPDATE t SET name = 'two' WHERE id = $1 RETURNING name",
                params![1],
            ),
        ];
        let done = db.batch(steps).await.unwrap();
        assert_eq!(
            done.iter().map(|step| step.affected).collect::<Vec<_>>(),
            [1, 1, 1]
        );
        assert_eq!(done[1].rows[0].text(0), Some("one"));
        assert_eq!(done[2].read::<String>().unwrap(), ["two"]);
        let steps = vec![
            Step::new("INSERT INTO t VALUES (2, 'two')", params![]),
            Step::new("INSERT INTO t VALUES (1, 'again')", params![]),
        ];
        assert_eq!(state(&db.batch(steps).await.unwrap_err()), "23505");
        assert_eq!(count(&db).await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_failed_check_rolls_the_batch_back() {
    on_each("a_failed_check_rolls_the_batch_back", |store| async move {
        let db = with_table(&store).await;
        let steps = |id: i64| {
            vec![
                Step::new("INSERT INTO t VALUES (1, 'one')", params![]),
                Step::new("UPDATE t SET name = 'x' WHERE id = $1", params![id]).check(|done| {
                    match done.affected {
                        1 => Ok(()),
                        _ => Err(Error::conflict("test.gone", "It is gone")),
                    }
                }),
                Step::new("INSERT INTO t VALUES (3, 'three')", params![]),
            ]
        };
        assert_eq!(db.batch(steps(2)).await.unwrap_err().code_str(), "test.gone");
        assert_eq!(count(&db).await, 0);
        db.batch(steps(1)).await.unwrap();
        assert_eq!(count(&db).await, 2);
    })
    .await;
}

#[tokio::test]
async fn later_steps_may_need_tables_that_earlier_ones_make() {
    on_each(
        "later_steps_may_need_tables_that_earlier_ones_make",
        |store| async move {
            let db = with_table(&store).await;
            let steps = vec![
                Step::new("CREATE TABLE made (id bigint PRIMARY KEY)", params![]),
                Step::new("INSERT INTO made VALUES (1)", params![]),
                Step::new("ALTER TABLE made ADD COLUMN extra text", params![]),
                Step::new("INSERT INTO made VALUES (2, 'x')", params![]),
            ];
            db.batch(steps).await.unwrap();
            let mut many: Vec<Step> = (0..500)
                .map(|id| Step::new("INSERT INTO t VALUES ($1, 'x')", params![id]))
                .collect();
            assert_eq!(db.batch(many.clone()).await.unwrap().len(), 500);
            many.truncate(300);
            assert_eq!(state(&db.batch(many).await.unwrap_err()), "23505");
            assert_eq!(count(&db).await, 500);
        },
    )
    .await;
}

#[tokio::test]
async fn another_number_of_parameters_is_refused() {
    on_each("another_number_of_parameters_is_refused", |store| async move {
        let db = with_table(&store).await;
        for params in [params![], params![1, 2]] {
            let error = db
                .all::<i64>("SELECT id FROM t WHERE id = $1", params)
                .await
                .unwrap_err();
            assert_eq!(state(&error), "08P01", "{error:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn the_store_tells_where_it_is_and_answers_its_check() {
    on_each(
        "the_store_tells_where_it_is_and_answers_its_check",
        |store| async move {
            assert!(store.check().await.unwrap().as_nanos() > 0);
            let told = store.describe();
            assert!(
                told.starts_with("SQLite in ") || told.starts_with("PostgreSQL 1"),
                "{told}"
            );
            assert!(!told.contains("secret"), "{told}");
            store.close().await;
            assert_eq!(store.check().await.unwrap_err().kind(), Kind::Unavailable);
        },
    )
    .await;
}
