//! Interactive transactions and snapshots.

use std::sync::mpsc;
use std::time::Duration;

use busbar_kernel::{Clock, Error, Kind, SystemClock};
use busbar_store::params;

use crate::harness::{count, on_each, on_sqlite, pick, state, with_table};

#[tokio::test]
async fn a_transaction_sees_its_own_writes_and_keeps_them() {
    on_each(
        "a_transaction_sees_its_own_writes_and_keeps_them",
        |store| async move {
            let db = with_table(&store).await;
            let found = db
                .transaction(|tx| {
                    Box::pin(async move {
                        tx.execute("INSERT INTO t VALUES ($1, 'one')", params![1]).await?;
                        let names: Vec<String> = tx
                            .returning("UPDATE t SET name = 'two' RETURNING name", params![])
                            .await?;
                        let none = tx
                            .optional::<i64>("SELECT id FROM t WHERE id = 5", params![])
                            .await?;
                        Ok((
                            names,
                            none,
                            tx.one::<i64>("SELECT count(*) FROM t", params![]).await?,
                        ))
                    })
                })
                .await
                .unwrap();
            assert_eq!(found, (vec!["two".to_owned()], None, 1));
            assert_eq!(count(&db).await, 1);
        },
    )
    .await;
}

#[tokio::test]
async fn nothing_is_kept_of_a_transaction_that_fails() {
    on_each(
        "nothing_is_kept_of_a_transaction_that_fails",
        |store| async move {
            let db = with_table(&store).await;
            let refused = db
                .transaction(|tx| {
                    Box::pin(async move {
                        tx.execute("INSERT INTO t VALUES (1, 'one')", params![]).await?;
                        Err::<(), _>(Error::conflict("test.no", "No"))
                    })
                })
                .await
                .unwrap_err();
            assert_eq!(refused.code_str(), "test.no");
            // An error that the closure overlooks counts all the same.
            let overlooked = db
                .transaction(|tx| {
                    Box::pin(async move {
                        tx.execute("INSERT INTO t VALUES (1, 'one')", params![]).await?;
                        assert!(
                            tx.execute("INSERT INTO t VALUES (1, 'one')", params![])
                                .await
                                .is_err()
                        );
                        let after = tx.one::<i64>("SELECT 1", params![]).await.unwrap_err();
                        assert_eq!(state(&after), "25P02");
                        Ok(())
                    })
                })
                .await
                .unwrap_err();
            assert_eq!(state(&overlooked), "25P02");
            assert_eq!(count(&db).await, 0);
            db.execute("INSERT INTO t VALUES (2, 'two')", params![])
                .await
                .unwrap();
        },
    )
    .await;
}

#[tokio::test]
async fn a_transaction_that_waits_for_something_else_is_refused() {
    on_sqlite(|store, _| async move {
        let db = with_table(&store).await;
        let other = db.clone();
        let error = db
            .transaction(move |tx| {
                Box::pin(async move {
                    tx.execute("INSERT INTO t VALUES (1, 'one')", params![]).await?;
                    tokio::time::sleep(Duration::from_secs(60)).await;
                    other.one::<i64>("SELECT 1", params![]).await
                })
            })
            .await
            .unwrap_err();
        assert_eq!(error.code_str(), "store.transaction_waited");
        let panicked = db
            .transaction::<(), _>(|_| Box::pin(async { panic!("in a closure") }))
            .await;
        assert_eq!(panicked.unwrap_err().kind(), Kind::Internal);
        assert_eq!(count(&db).await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_transaction_ends_at_its_deadline() {
    on_each("a_transaction_ends_at_its_deadline", |store| async move {
        let db = with_table(&store).await;
        let slow = pick(
            &db,
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n",
            "SELECT 1 FROM pg_sleep(60)",
        )
        .to_owned();
        let start = SystemClock.monotonic();
        let error = db
            .transaction(move |tx| {
                Box::pin(async move {
                    tx.execute("INSERT INTO t VALUES (1, 'one')", params![]).await?;
                    tx.one::<i64>(&slow, params![]).await
                })
            })
            .await
            .unwrap_err();
        assert_eq!((state(&error), error.kind()), ("57014", Kind::Timeout));
        let took = SystemClock.monotonic() - start;
        assert!(
            took > Duration::from_secs(4) && took < Duration::from_secs(9),
            "{took:?}"
        );
        assert_eq!(count(&db).await, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_snapshot_does_not_see_what_happens_meanwhile() {
    on_each(
        "a_snapshot_does_not_see_what_happens_meanwhile",
        |store| async move {
            let db = with_table(&store).await;
            let (looked, first) = mpsc::channel();
            let (go, written) = mpsc::channel::<()>();
            let reading = db.clone();
            let snapshot = tokio::spawn(async move {
                reading
                    .snapshot(move |tx| {
                        Box::pin(async move {
                            let before: i64 = tx.one("SELECT count(*) FROM t", params![]).await?;
                            looked.send(()).unwrap();
                            // Other tasks of this thread must go on meanwhile.
                            tokio::task::block_in_place(|| written.recv().unwrap());
                            let after: i64 = tx.one("SELECT count(*) FROM t", params![]).await?;
                            Ok((before, after))
                        })
                    })
                    .await
            });
            tokio::task::spawn_blocking(move || first.recv().unwrap())
                .await
                .unwrap();
            db.execute("INSERT INTO t VALUES (1, 'one')", params![])
                .await
                .unwrap();
            go.send(()).unwrap();
            assert_eq!(snapshot.await.unwrap().unwrap(), (0, 0));
            let write = db
                .snapshot(|tx| Box::pin(async move { tx.execute("DELETE FROM t", params![]).await }))
                .await
                .unwrap_err();
            assert_eq!(state(&write), "25006");
            assert_eq!(count(&db).await, 1);
        },
    )
    .await;
}
