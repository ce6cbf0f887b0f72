//! What only PostgreSQL has: connections that break, plans that age, poolers.

use std::time::Duration;

use busbar_store::{Scope, Session, Step, Tls, params};

use crate::harness::{connect, count, on_postgres, open, state, with_table};

#[tokio::test]
async fn connections_that_the_server_ends_are_replaced() {
    on_postgres(
        "connections_that_the_server_ends_are_replaced",
        |store, settings| async move {
            let db = with_table(&store).await;
            let admin = connect(settings.postgres.as_ref().unwrap().url.expose()).await;
            for _ in 0..3 {
                db.batch_as(&Session::role("anon"), vec![Step::new("SELECT 1", params![])])
                    .await
                    .unwrap();
                let ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                         WHERE datname = current_database() AND pid <> pg_backend_pid()";
                admin.batch_execute(ended).await.unwrap();
                tokio::time::sleep(Duration::from_millis(100)).await;
                assert_eq!(count(&db).await, 0);
                db.batch_as(&Session::role("anon"), vec![Step::new("SELECT 1", params![])])
                    .await
                    .unwrap();
            }
        },
    )
    .await;
}

#[tokio::test]
async fn a_statement_survives_a_change_of_its_table() {
    on_postgres(
        "a_statement_survives_a_change_of_its_table",
        |store, mut settings| async move {
            store.close().await;
            settings.postgres.as_mut().unwrap().pool_max = 1;
            let store = open(settings).await;
            let db = with_table(&store).await;
            let admin_session = Session {
                settings: vec![("x.y".to_owned(), "1".to_owned())],
                ..Session::owner()
            };
            for column in ["a", "b", "c"] {
                db.execute("INSERT INTO t (id, name) SELECT count(*), 'x' FROM t", params![])
                    .await
                    .unwrap();
                let all = "SELECT * FROM t ORDER BY id LIMIT 1";
                db.all::<serde_json::Value>(all, params![]).await.unwrap();
                db.batch_as(&admin_session, vec![Step::new(all, params![])])
                    .await
                    .unwrap();
                db.execute(&format!("ALTER TABLE t ADD COLUMN {column} int"), params![])
                    .await
                    .unwrap();
                let row = db.one::<serde_json::Value>(all, params![]).await.unwrap();
                assert!(row.get(column).is_some(), "{row}");
                let rows = db
                    .batch_as(&admin_session, vec![Step::new(all, params![])])
                    .await
                    .unwrap();
                assert!(rows[0].rows[0].get(column).is_some());
            }
            store.close().await;
        },
    )
    .await;
}

#[tokio::test]
async fn a_transaction_that_nobody_waits_for_is_undone() {
    on_postgres(
        "a_transaction_that_nobody_waits_for_is_undone",
        |store, _| async move {
            let db = with_table(&store).await;
            for id in 0..12_i64 {
                let work = db.transaction(move |tx| {
                    Box::pin(async move {
                        tx.execute("INSERT INTO t VALUES ($1, 'x')", params![id]).await?;
                        tokio::time::sleep(Duration::from_secs(3)).await;
                        Ok(())
                    })
                });
                let stopped = tokio::time::timeout(Duration::from_millis(50), work).await;
                assert!(stopped.is_err());
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
            assert_eq!(count(&db).await, 0);
        },
    )
    .await;
}

#[tokio::test]
async fn nothing_outlives_a_transaction_behind_a_pooler() {
    on_postgres(
        "nothing_outlives_a_transaction_behind_a_pooler",
        |store, mut settings| async move {
            store.close().await;
            settings.postgres.as_mut().unwrap().pooler = true;
            let store = open(settings).await;
            let db = with_table(&store).await;
            db.execute("INSERT INTO t VALUES ($1, $2)", params![1, "one"])
                .await
                .unwrap();
            let twice = || {
                vec![
                    Step::new("INSERT INTO t VALUES ($1, $2)", params![2, "two"]),
                    Step::new("SELECT name FROM t WHERE id = $1", params![2]),
                ]
            };
            assert_eq!(db.batch(twice()).await.unwrap()[1].rows[0].text(0), Some("two"));
            assert_eq!(state(&db.batch(twice()).await.unwrap_err()), "23505");
            let app = store.scope(Scope::App("demo".to_owned())).await.unwrap();
            assert_eq!(
                state(&app.all::<i64>("SELECT id FROM t", params![]).await.unwrap_err()),
                "42P01"
            );
            let prepared: i64 = db
                .one("SELECT count(*) FROM pg_prepared_statements", params![])
                .await
                .unwrap();
            assert_eq!((prepared, count(&db).await), (0, 2));
            store.close().await;
        },
    )
    .await;
}

#[tokio::test]
async fn tls_is_never_given_up_silently() {
    on_postgres(
        "tls_is_never_given_up_silently",
        |store, mut settings| async move {
            store.close().await;
            // The test server speaks no TLS: every mode that demands it must refuse.
            for tls in [Tls::Require, Tls::VerifyFull] {
                settings.postgres.as_mut().unwrap().tls = Some(tls);
                settings.postgres.as_mut().unwrap().tls_ca = None;
                let opened = busbar_store::Store::open(
                    settings.clone(),
                    std::sync::Arc::new(busbar_kernel::SystemClock),
                )
                .await;
                assert!(opened.is_err(), "{tls:?}");
            }
            settings.postgres.as_mut().unwrap().tls = Some(Tls::Prefer);
            open(settings).await.close().await;
        },
    )
    .await;
}
