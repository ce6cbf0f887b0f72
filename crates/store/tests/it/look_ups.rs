//! Look-ups of single rows share a snapshot for as long as nobody writes; nobody can tell from the answers.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use busbar_store::{Db, JsonBody, JsonQuery, Session, params};

use crate::harness::{on_each, on_sqlite, pick, with_table};

/// The number in the one row of `t`.
async fn looked_up(db: &Db) -> i64 {
    let query = JsonQuery {
        sql: pick(
            db,
            "SELECT json_array(id) FROM t LIMIT 1",
            "SELECT json_build_array(id) FROM t LIMIT 1",
        )
        .into(),
        point: true,
        ..JsonQuery::default()
    };
    let answer = db.json(&Session::owner(), query).await.unwrap();
    let JsonBody::Whole(body) = answer.body else {
        panic!("streamed")
    };
    serde_json::from_slice::<[[i64; 1]; 1]>(&body).unwrap()[0][0]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_look_up_sees_what_was_answered_before_it() {
    on_each("a_look_up_sees_what_was_answered_before_it", |store| async move {
        let db = with_table(&store).await;
        db.execute("INSERT INTO t VALUES (0, 'x')", params![])
            .await
            .unwrap();
        let answered = Arc::new(AtomicI64::new(0));
        let last = 300;
        let readers: Vec<_> = (0..4)
            .map(|_| {
                let (db, answered) = (db.clone(), answered.clone());
                tokio::spawn(async move {
                    let mut before = 0;
                    while before < last {
                        let least = answered.load(Ordering::SeqCst).max(before);
                        let seen = looked_up(&db).await;
                        assert!(seen >= least, "{seen} was seen after {least}");
                        before = seen;
                        // A look-up answers on the spot: without this nobody else would have their turn.
                        tokio::task::yield_now().await;
                    }
                })
            })
            .collect();
        for number in 1..=last {
            db.execute("UPDATE t SET id = $1", params![number]).await.unwrap();
            answered.store(number, Ordering::SeqCst);
            // Some pauses are long enough for a snapshot to be shared, some are none.
            tokio::time::sleep(Duration::from_micros(200 * u64::try_from(number % 4).unwrap())).await;
        }
        for reader in readers {
            reader.await.unwrap();
        }
    })
    .await;
}

#[tokio::test]
async fn a_look_up_sees_a_new_schema() {
    on_each("a_look_up_sees_a_new_schema", |store| async move {
        let db = with_table(&store).await;
        db.execute("INSERT INTO t VALUES (1, 'x')", params![])
            .await
            .unwrap();
        for round in 2..6 {
            for _ in 0..3 {
                assert_eq!(looked_up(&db).await, round - 1);
            }
            db.execute("DROP TABLE t", params![]).await.unwrap();
            db.execute("CREATE TABLE t (id bigint, more text)", params![])
                .await
                .unwrap();
            db.execute("INSERT INTO t VALUES ($1, 'x')", params![round])
                .await
                .unwrap();
        }
    })
    .await;
}

#[tokio::test]
async fn idle_look_ups_keep_no_log_from_being_cut_back() {
    on_sqlite(|store, settings| async move {
        let db = with_table(&store).await;
        db.execute("INSERT INTO t VALUES (1, '')", params![])
            .await
            .unwrap();
        for _ in 0..60 {
            for _ in 0..3 {
                looked_up(&db).await;
            }
            db.execute("UPDATE t SET name = hex(randomblob(500000))", params![])
                .await
                .unwrap();
        }
        let log = settings
            .sqlite
            .data_dir
            .join("sql")
            .join(format!("{}-wal", "data.db"));
        let bytes = std::fs::metadata(&log).unwrap().len();
        // 60 MB were written; the log is moved into the file after 16 MB.
        assert!(bytes < 25_000_000, "{bytes}");
    })
    .await;
}

#[tokio::test]
async fn a_look_up_soon_sees_what_another_process_wrote() {
    on_sqlite(|store, settings| async move {
        let db = with_table(&store).await;
        db.execute("INSERT INTO t VALUES (1, 'x')", params![])
            .await
            .unwrap();
        for _ in 0..3 {
            assert_eq!(looked_up(&db).await, 1);
        }
        let file = settings.sqlite.data_dir.join("sql").join("data.db");
        let other = rusqlite::Connection::open(file).unwrap();
        other.execute("UPDATE t SET id = 2", []).unwrap();
        let mut looks = 0;
        while looked_up(&db).await != 2 {
            looks += 1;
            assert!(looks < 1000, "what another process wrote is not seen");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
    .await;
}
