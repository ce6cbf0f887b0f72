//! Long reads of requests on PostgreSQL: they take turns, and end when nobody waits for them.

use std::time::{Duration, Instant};

use busbar_store::{Db, JsonQuery, Session, Step, params};

use crate::harness::{connect, on_postgres, open, with_table};

async fn read(db: &Db, sql: &str) {
    let query = JsonQuery {
        sql: sql.into(),
        ..JsonQuery::default()
    };
    db.json(&Session::role("project_admin"), query).await.unwrap();
}

#[tokio::test]
#[expect(
    clippy::disallowed_methods,
    reason = "how long things really take is what is tested"
)]
async fn long_reads_take_turns_and_short_ones_pass_them() {
    on_postgres(
        "long_reads_take_turns_and_short_ones_pass_them",
        |store, mut settings| async move {
            store.close().await;
            settings.postgres.as_mut().unwrap().long_reads = 1;
            let store = open(settings).await;
            let db = with_table(&store).await;
            let long = "SELECT '{}'::text FROM pg_sleep(0.4)";
            read(&db, long).await;
            let began = Instant::now();
            let short = async {
                for _ in 0..20 {
                    read(&db, "SELECT '{}'::text").await;
                }
                began.elapsed()
            };
            let turns = futures_util::future::join_all((0..3).map(|_| read(&db, long)));
            let (short, _) = tokio::join!(short, turns);
            let all = began.elapsed();
            assert!(all >= Duration::from_millis(1200), "two at once: {all:?}");
            assert!(short < all, "{short:?} of {all:?}");
            // Writes and what is the store's own take no turns.
            let began = Instant::now();
            let (ours, theirs) = (Session::owner(), Session::role("project_admin"));
            let step = || vec![Step::new(long, params![])];
            let (owner, writes) = tokio::join!(db.batch_as(&ours, step()), db.batch_as(&theirs, step()));
            owner.unwrap();
            writes.unwrap();
            assert!(
                began.elapsed() < Duration::from_millis(790),
                "{:?}",
                began.elapsed()
            );
            store.close().await;
        },
    )
    .await;
}

#[tokio::test]
async fn a_requests_statement_has_no_parallel_workers() {
    on_postgres(
        "a_requests_statement_has_no_parallel_workers",
        |store, _| async move {
            let db = with_table(&store).await;
            let asked = "SELECT current_setting('max_parallel_workers_per_gather')";
            let step = || vec![Step::new(asked, params![])];
            let request = db.batch_as(&Session::role("anon"), step()).await.unwrap();
            assert_eq!(request[0].read::<String>().unwrap(), ["0"]);
            let owner = db.batch_as(&Session::owner(), step()).await.unwrap();
            assert_ne!(owner[0].read::<String>().unwrap(), ["0"]);
        },
    )
    .await;
}

#[tokio::test]
async fn a_read_that_nobody_waits_for_ends() {
    on_postgres("a_read_that_nobody_waits_for_ends", |store, settings| async move {
        let db = with_table(&store).await;
        let watcher = connect(settings.postgres.as_ref().unwrap().url.expose()).await;
        let sleeping = || async {
            let sql = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE '%pg_sleep(20)%' \
                       AND state = 'active' AND pid <> pg_backend_pid()";
            watcher.query_one(sql, &[]).await.unwrap().get::<_, i64>(0)
        };
        let waiting = tokio::time::timeout(
            Duration::from_millis(500),
            read(&db, "SELECT '{}'::text FROM pg_sleep(20)"),
        );
        assert!(waiting.await.is_err());
        for _ in 0..100 {
            if sleeping().await == 0 {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the server goes on");
    })
    .await;
}
