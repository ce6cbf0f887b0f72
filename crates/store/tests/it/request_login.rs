//! The request login of PostgreSQL can become three roles and do nothing else.

use std::sync::Arc;

use busbar_kernel::{Kind, Secret, SystemClock};
use busbar_store::{Db, JsonBody, JsonQuery, Scope, Session, Step, Store, params};
use futures_util::future::join_all;

use crate::harness::{connect, on_postgres, open, state, with_table};

async fn run(db: &Db, role: &str, sql: &str) -> Result<Vec<String>, String> {
    let done = db
        .batch_as(&Session::role(role), vec![Step::new(sql, params![])])
        .await;
    let done = done.map_err(|error| state(&error).to_owned())?;
    done[0].read().map_err(|error| error.operator_line())
}

#[tokio::test]
async fn many_processes_may_make_the_roles_at_once() {
    on_postgres(
        "many_processes_may_make_the_roles_at_once",
        |store, settings| async move {
            store.close().await;
            let opened = join_all((0..6).map(|_| Store::open(settings.clone(), Arc::new(SystemClock)))).await;
            for store in opened {
                let store = store.unwrap();
                let db = store.scope(Scope::Data).await.unwrap();
                assert_eq!(
                    run(&db, "anon", "SELECT current_user::text").await.unwrap(),
                    ["anon"]
                );
                store.close().await;
            }
        },
    )
    .await;
}

#[tokio::test]
async fn requests_run_as_their_role_and_nobody_else() {
    on_postgres(
        "requests_run_as_their_role_and_nobody_else",
        |store, _| async move {
            let db = with_table(&store).await;
            db.execute("INSERT INTO t VALUES (1, 'one'), (2, 'two')", params![])
                .await
                .unwrap();
            db.execute("ALTER TABLE t ENABLE ROW LEVEL SECURITY", params![])
                .await
                .unwrap();
            db.execute("GRANT SELECT ON t TO anon, project_admin", params![])
                .await
                .unwrap();
            db.execute(
                "CREATE POLICY own ON t TO anon USING (name = current_setting('request.name', true))",
                params![],
            )
            .await
            .unwrap();
            let query = || JsonQuery {
                sql: "SELECT to_json(t.id) FROM t ORDER BY id".into(),
                total: Some(("SELECT count(*) FROM t".into(), params![])),
                ..JsonQuery::default()
            };
            let mut session = Session::role("anon");
            session.settings = vec![("request.name".to_owned(), "t'w\\o".replace(['\'', '\\'], ""))];
            for _ in 0..3 {
                let answer = db.json(&session, query()).await.unwrap();
                assert!(
                    matches!(&answer.body, JsonBody::Whole(body) if body == "[2]"),
                    "{answer:?}"
                );
                assert_eq!(answer.total, Some(1));
            }
            assert_eq!(db.json(&Session::role("anon"), query()).await.unwrap().rows, 0);
            assert!(store.bypasses_row_security());
            assert_eq!(
                db.json(&Session::role("project_admin"), query())
                    .await
                    .unwrap()
                    .rows,
                2
            );
            assert_eq!(
                state(
                    &db.json(&Session::role("authenticated"), query())
                        .await
                        .unwrap_err()
                ),
                "42501"
            );
            let unknown = db.json(&Session::role("nobody"), query()).await.unwrap_err();
            assert_eq!(state(&unknown), "22023", "{unknown:?}");
        },
    )
    .await;
}

#[tokio::test]
async fn no_statement_of_a_request_leaves_its_scope() {
    on_postgres(
        "no_statement_of_a_request_leaves_its_scope",
        |store, _| async move {
            let db = store.scope(Scope::Data).await.unwrap();
            for scope in [Scope::Platform, Scope::App("demo".to_owned())] {
                let other = store.scope(scope).await.unwrap();
                other
                    .execute("CREATE TABLE secret (id bigint)", params![])
                    .await
                    .unwrap();
            }
            for role in ["anon", "authenticated", "project_admin"] {
                for sql in [
                    "SELECT id::text FROM busbar.secret",
                    "SELECT id::text FROM app_demo.secret",
                    "SELECT password FROM busbar.store_request_login",
                    "SELECT pg_read_file('/etc/passwd')",
                    "SELECT pg_ls_dir('/')::text",
                    "SELECT lo_export(1, '/tmp/x')::text",
                    "SELECT lo_import('/etc/passwd')::text",
                    "COPY (SELECT 1) TO PROGRAM 'id'",
                    "COPY (SELECT 1) TO '/tmp/x'",
                    "SET ROLE postgres",
                    "SET SESSION AUTHORIZATION postgres",
                    "ALTER ROLE project_admin SUPERUSER",
                    "CREATE ROLE strong SUPERUSER",
                    "CREATE SCHEMA mine",
                    "SELECT rolpassword FROM pg_authid",
                    "ALTER SYSTEM SET fsync = off",
                ] {
                    let refused = run(&db, role, sql).await.unwrap_err();
                    assert!(
                        ["42501", "25001"].contains(&refused.as_str()),
                        "{role}: {sql}: {refused}"
                    );
                }
                for sql in [
                    "COMMIT",
                    "ROLLBACK",
                    "BEGIN",
                    "DISCARD ALL",
                    "select 1; reset role",
                ] {
                    assert!(run(&db, role, sql).await.is_err(), "{role}: {sql}");
                }
            }
            // Without a role the login has nothing at all.
            let steps = vec![
                Step::new("RESET ROLE", params![]),
                Step::new("CREATE TABLE public.mine (id bigint)", params![]),
            ];
            let refused = db
                .batch_as(&Session::role("project_admin"), steps)
                .await
                .unwrap_err();
            assert_eq!(state(&refused), "42501");
        },
    )
    .await;
}

#[tokio::test]
async fn a_request_leaves_nothing_behind_on_its_connection() {
    on_postgres("a_request_leaves_nothing_behind_on_its_connection", |store, mut settings| async move {
        store.close().await;
        if let Some(postgres) = &mut settings.postgres {
            postgres.pool_max = 1;
        }
        let store = open(settings).await;
        let db = store.scope(Scope::Data).await.unwrap();
        let leave = [
            "SET statement_timeout = 0",
            "SET TimeZone = 'Asia/Tokyo'",
            "SET standard_conforming_strings = off",
            "SELECT set_config('request.jwt.claims', 'mine', false)",
            "SELECT set_config('role', 'project_admin', false)",
            "CREATE TEMP TABLE t (id bigint)",
            "LISTEN gossip",
            "SELECT pg_advisory_lock(1)::text",
            "DECLARE c CURSOR WITH HOLD FOR SELECT 1",
        ];
        for sql in leave {
            let _ = db.batch_as(&Session::role("project_admin"), vec![Step::new(sql, params![])]).await;
        }
        let look = "SELECT concat_ws(' ', current_user, current_setting('TimeZone'),
                    current_setting('standard_conforming_strings'), coalesce(nullif(current_setting('request.jwt.claims', true), ''), 'none'),
                    (SELECT count(*) FROM pg_class WHERE relnamespace = pg_my_temp_schema()),
                    (SELECT count(*) FROM pg_listening_channels()), (SELECT count(*) FROM pg_cursors WHERE name <> ''),
                    (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()))";
        assert_eq!(run(&db, "anon", look).await.unwrap(), ["anon UTC on none 0 0 0 0"]);
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_login_that_could_do_more_is_refused_with_every_reason() {
    on_postgres(
        "a_login_that_could_do_more_is_refused_with_every_reason",
        |store, mut settings| async move {
            store.close().await;
            if let Some(postgres) = &mut settings.postgres {
                postgres.request_url = Some(postgres.url.clone());
            }
            let refused = Store::open(settings.clone(), Arc::new(SystemClock))
                .await
                .unwrap_err();
            assert_eq!(refused.code_str(), "store.request_login_unsafe");
            assert!(
                refused.message().contains("it is a superuser"),
                "{}",
                refused.message()
            );
            let url = settings.postgres.as_ref().unwrap().url.expose().to_owned();
            let admin = connect(&url).await;
            let name = format!("strong_{}", busbar_kernel::random::hex(4));
            admin
                .batch_execute(&format!(
                    "CREATE ROLE {name} LOGIN PASSWORD 'x' CREATEDB; GRANT anon, pg_read_all_data TO {name}"
                ))
                .await
                .unwrap();
            let (_, place) = url.rsplit_once('@').unwrap();
            settings.postgres.as_mut().unwrap().request_url =
                Some(Secret::new(format!("postgres://{name}:x@{place}")));
            let refused = Store::open(settings, Arc::new(SystemClock)).await.unwrap_err();
            admin.batch_execute(&format!("DROP ROLE {name}")).await.unwrap();
            for reason in [
                "inherits",
                "create databases",
                "no member of project_admin",
                "can become pg_read_all_data",
            ] {
                assert!(
                    refused.message().contains(reason),
                    "{reason}: {}",
                    refused.message()
                );
            }
            assert_eq!(refused.kind(), Kind::Unavailable);
        },
    )
    .await;
}

#[tokio::test]
async fn an_owner_with_createrole_alone_is_enough() {
    on_postgres(
        "an_owner_with_createrole_alone_is_enough",
        |store, settings| async move {
            store.close().await;
            let url = settings.postgres.as_ref().unwrap().url.expose().to_owned();
            let admin = connect(&url).await;
            let owner = format!("owner_{}", busbar_kernel::random::hex(4));
            let database = format!("owned_{}", busbar_kernel::random::hex(4));
            admin
                .batch_execute(&format!("CREATE ROLE {owner} LOGIN PASSWORD 'x' CREATEROLE"))
                .await
                .unwrap();
            admin
                .batch_execute(&format!("CREATE DATABASE {database} OWNER {owner}"))
                .await
                .unwrap();
            let (_, place) = url.rsplit_once('@').unwrap();
            let (place, _) = place.rsplit_once('/').unwrap();
            let mut own = settings.clone();
            own.postgres.as_mut().unwrap().url =
                Secret::new(format!("postgres://{owner}:x@{place}/{database}"));
            let store = open(own).await;
            let db = with_table(&store).await;
            assert_eq!(
                run(&db, "anon", "SELECT current_user::text").await.unwrap(),
                ["anon"]
            );
            store.close().await;
            let login: String = admin
                .query_one(
                    "SELECT 'busbar_request_' || oid FROM pg_database WHERE datname = $1",
                    &[&database],
                )
                .await
                .unwrap()
                .get(0);
            admin
                .batch_execute(&format!("DROP DATABASE {database} WITH (FORCE)"))
                .await
                .unwrap();
            admin.batch_execute(&format!("DROP ROLE {login}")).await.unwrap();
            admin.batch_execute(&format!("DROP ROLE {owner}")).await.unwrap();
        },
    )
    .await;
}
