//! Bounds: time, open files, threads, waiting writes.

use std::time::Duration;

use busbar_kernel::{Clock, Kind, SystemClock};
use busbar_store::{
    Db, RawAccess, RawScript, RawStatement, Scope, Session, Step, Store, StoreSettings, params,
};
use futures_util::{StreamExt, stream};

use crate::harness::{count, on_each, on_sqlite, open, pick, state, with_table};

#[tokio::test]
async fn statements_end_at_their_sessions_limit() {
    on_each("statements_end_at_their_sessions_limit", |store| async move {
        let db = with_table(&store).await;
        let slow = pick(
            &db,
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n",
            "SELECT 1 FROM pg_sleep(60)",
        );
        for read_only in [true, false] {
            let session = Session {
                time_limit: Duration::from_millis(200),
                read_only,
                ..Session::owner()
            };
            let error = db
                .batch_as(&session, vec![Step::new(slow, params![])])
                .await
                .unwrap_err();
            assert_eq!((state(&error), error.kind()), ("57014", Kind::Timeout));
        }
        assert_eq!(db.one::<i64>("SELECT 1", params![]).await.unwrap(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_session_that_only_reads_cannot_write() {
    on_each("a_session_that_only_reads_cannot_write", |store| async move {
        let db = with_table(&store).await;
        let session = Session {
            read_only: true,
            ..Session::owner()
        };
        let error = db
            .batch_as(
                &session,
                vec![Step::new("INSERT INTO t VALUES (1, 'x')", params![])],
            )
            .await
            .unwrap_err();
        assert_eq!(state(&error), "25006");
        let read = db
            .batch_as(&session, vec![Step::new("SELECT count(*) FROM t", params![])])
            .await
            .unwrap();
        assert_eq!(read[0].read::<i64>().unwrap(), [0]);
    })
    .await;
}

#[tokio::test]
async fn more_writes_than_may_wait_are_refused_with_a_time_to_retry() {
    let folder = tempfile::tempdir().unwrap();
    let mut settings = StoreSettings::sqlite(folder.path());
    settings.sqlite.write_queue = 4;
    settings.sqlite.writers = 1;
    let store = open(settings).await;
    let db = with_table(&store).await;
    let slow = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000000)
                INSERT INTO t SELECT -1, count(*) FROM n";
    let insert = |id: i64| db.execute("INSERT INTO t VALUES ($1, 'x')", params![id]);
    let busy = db.execute(slow, params![]);
    let crowd = futures_util::future::join_all((0..50).map(insert));
    let (first, crowd) = tokio::join!(busy, crowd);
    first.unwrap();
    let (served, refused): (Vec<_>, Vec<_>) = crowd.into_iter().partition(Result::is_ok);
    let error = refused.into_iter().next().expect("some are refused").unwrap_err();
    assert_eq!(
        (error.code_str(), error.kind()),
        ("store.overloaded", Kind::Unavailable)
    );
    assert!(error.retry_after_value().is_some() && !served.is_empty());
    store.close().await;
}

async fn tenant(store: &Store, number: usize) -> Db {
    let tenant = format!("t{number}").parse().unwrap();
    store
        .scope(Scope::Tenant {
            app: "school".to_owned(),
            tenant,
        })
        .await
        .unwrap()
}

fn entries(folder: &str) -> usize {
    std::fs::read_dir(folder).map_or(0, |entries| entries.filter(Result::is_ok).count())
}

/// 5,000 files exist, 200 are in use: what is open stays within the limits.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_thousand_tenants_need_few_descriptors_and_threads() {
    let folder = tempfile::tempdir().unwrap();
    let mut settings = StoreSettings::sqlite(folder.path());
    settings.sqlite.open_files = 64;
    // Making 5,000 files durably would measure the disk.
    settings.sqlite.synchronous = busbar_store::Synchronous::Off;
    let (files, threads) = (entries("/proc/self/fd"), entries("/proc/self/task"));
    let store = open(settings).await;
    let made = stream::iter(0..5000).map(|number| {
        let store = &store;
        async move { tenant(store, number).await }
    });
    let tenants: Vec<Db> = made.buffered(16).collect().await;
    let work = stream::iter(0..1000).map(|round| {
        let db = &tenants[(round % 200) * 25];
        async move {
            db.execute("CREATE TABLE IF NOT EXISTS n (i integer)", params![])
                .await
                .unwrap();
            db.execute("INSERT INTO n VALUES ($1)", params![round])
                .await
                .unwrap();
            db.one::<i64>("SELECT count(*) FROM n", params![]).await.unwrap()
        }
    });
    let mut most = (0, 0);
    let mut work = std::pin::pin!(work.buffer_unordered(32));
    while let Some(count) = work.next().await {
        assert!(count >= 1);
        most = (
            most.0.max(entries("/proc/self/fd")),
            most.1.max(entries("/proc/self/task")),
        );
    }
    // Other tests run beside this one; the limit alone would allow 64 files of at most 5 descriptors.
    assert!(
        most.0 < files + 64 * 5 + 300,
        "{files} descriptors grew to {}",
        most.0
    );
    assert!(most.1 < threads + 200, "{threads} threads grew to {}", most.1);
    let total: Vec<i64> = stream::iter((0..200).map(|n| &tenants[n * 25]))
        .then(|db| async move { db.one::<i64>("SELECT count(*) FROM n", params![]).await.unwrap() })
        .collect()
        .await;
    assert_eq!(total, [5; 200]);
    store.close().await;
}

/// A read of the store's without end, for its time limit to end.
const ENDLESS: &str = "WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s) SELECT max(n) FROM s";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn short_reads_pass_any_number_of_long_ones() {
    let folder = tempfile::tempdir().unwrap();
    let mut settings = StoreSettings::sqlite(folder.path());
    settings.sqlite.readers = 2;
    let store = open(settings).await;
    let db = with_table(&store).await;
    db.execute("INSERT INTO t VALUES (1, 'one')", vec![])
        .await
        .unwrap();
    let mut long = tokio::task::JoinSet::new();
    for _ in 0..12 {
        let db = db.clone();
        long.spawn(async move {
            let session = Session {
                read_only: true,
                time_limit: Duration::from_secs(4),
                ..Session::owner()
            };
            let step = Step::new(ENDLESS, vec![]);
            db.batch_as(&session, vec![step]).await
        });
    }
    let begin = SystemClock.monotonic();
    let mut answered = 0;
    while SystemClock.monotonic().saturating_sub(begin) < Duration::from_secs(3) {
        let name: String = db
            .one(
                "SELECT name FROM t WHERE id >= $1 ORDER BY id LIMIT 1",
                params![1],
            )
            .await
            .unwrap();
        assert_eq!(name, "one");
        answered += 1;
    }
    // With the long ones on both threads not one would be answered before they end.
    assert!(answered > 20, "only {answered} short reads beside long ones");
    while let Some(done) = long.join_next().await {
        let error = done.unwrap().unwrap_err();
        assert_eq!(state(&error), "57014", "{}", error.operator_line());
    }
    store.close().await;
}

#[tokio::test]
async fn long_writing_sql_gives_way_to_others_that_wait() {
    on_sqlite(|store, _| async move {
        let db = with_table(&store).await;
        let endless = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) \
                       INSERT INTO t SELECT max(i), 'x' FROM n";
        let script = RawScript {
            statements: vec![RawStatement::theirs(endless, params![])],
            access: RawAccess::Strict,
            reads: false,
            keep: true,
            rows: 10,
            bytes: 1024,
            time_limit: Duration::from_secs(60),
        };
        let long = tokio::spawn({
            let db = db.clone();
            async move { db.raw(script).await }
        });
        tokio::time::sleep(Duration::from_millis(300)).await;
        let begun = SystemClock.monotonic();
        db.execute("INSERT INTO t VALUES (1, 'mine')", params![])
            .await
            .unwrap();
        let waited = SystemClock.monotonic() - begun;
        assert!(waited < Duration::from_secs(20), "{waited:?}");
        assert_eq!(state(&long.await.unwrap().unwrap_err()), "57014");
        assert_eq!(count(&db).await, 1);
    })
    .await;
}
