//! Scopes do not see each other, and no name leaves its place.

use busbar_kernel::Tenant;
use busbar_store::{Db, Scope, Store, params};

use crate::harness::{on_each, state};

fn tenant(app: &str, key: &str) -> Scope {
    Scope::Tenant {
        app: app.to_owned(),
        tenant: key.parse().unwrap(),
    }
}

/// In the data scope the owner has no schema of its own.
async fn own(store: &Store, scope: Scope) -> Db {
    let db = store.scope(scope.clone()).await.unwrap();
    match scope {
        Scope::Data => db.looking_in("public"),
        _ => db,
    }
}

#[tokio::test]
async fn each_scope_has_its_own_tables() {
    on_each("each_scope_has_its_own_tables", |store| async move {
        let scopes = [
            Scope::Platform,
            Scope::Data,
            Scope::App("demo".to_owned()),
            tenant("school", "nord"),
            tenant("school", &"a".repeat(63)),
            tenant("school", &format!("{}b", "a".repeat(62))),
        ];
        for (number, scope) in (0_i64..).zip(&scopes) {
            let db = own(&store, scope.clone()).await;
            let missing = db.all::<i64>("SELECT n FROM own", params![]).await.unwrap_err();
            assert_eq!(state(&missing), "42P01", "{scope:?}");
            db.execute("CREATE TABLE own (n bigint)", params![])
                .await
                .unwrap();
            db.execute("INSERT INTO own VALUES ($1)", params![number])
                .await
                .unwrap();
        }
        for (number, scope) in (0_i64..).zip(scopes) {
            let db = own(&store, scope).await;
            assert_eq!(
                db.all::<i64>("SELECT n FROM own", params![]).await.unwrap(),
                [number]
            );
        }
    })
    .await;
}

#[tokio::test]
async fn system_tables_have_one_spelling_everywhere() {
    on_each("system_tables_have_one_spelling_everywhere", |store| async move {
        for scope in [Scope::Data, Scope::Platform, tenant("school", "nord")] {
            let db = store.scope(scope).await.unwrap();
            db.execute(
                "CREATE TABLE auth.users (id bigint PRIMARY KEY, name text)",
                params![],
            )
            .await
            .unwrap();
            db.execute("INSERT INTO auth.users VALUES (1, 'auth.users $1')", params![])
                .await
                .unwrap();
            let sql = "SELECT u.name FROM auth.users AS u WHERE u.id = $1 AND u.name = 'auth.users $1'";
            assert_eq!(db.one::<String>(sql, params![1]).await.unwrap(), "auth.users $1");
        }
    })
    .await;
}

#[tokio::test]
async fn names_that_could_leave_their_place_are_refused() {
    on_each(
        "names_that_could_leave_their_place_are_refused",
        |store| async move {
            for name in [
                "",
                "..",
                "../x",
                "a/b",
                "a\"; DROP SCHEMA public; --",
                "a b",
                "é",
                "a\0b",
                "a-b",
            ] {
                let error = store.scope(Scope::App(name.to_owned())).await.unwrap_err();
                assert_eq!(error.code_str(), "store.name_invalid", "{name:?}");
                assert!(name.parse::<Tenant>().is_err(), "{name:?}");
                let app = Scope::Tenant {
                    app: name.to_owned(),
                    tenant: "x".parse().unwrap(),
                };
                assert!(store.scope(app).await.is_err(), "{name:?}");
            }
            let one = store.scope(Scope::App("Demo".to_owned())).await.unwrap();
            one.execute("CREATE TABLE t (id bigint)", params![])
                .await
                .unwrap();
            let same = store.scope(Scope::App("demo".to_owned())).await.unwrap();
            assert!(
                same.all::<i64>("SELECT id FROM t", params![])
                    .await
                    .unwrap()
                    .is_empty()
            );
        },
    )
    .await;
}

#[tokio::test]
async fn two_apps_cannot_share_a_tenants_place() {
    on_each("two_apps_cannot_share_a_tenants_place", |store| async move {
        let first = store.scope(tenant("school", "nord")).await.unwrap();
        first
            .execute("CREATE TABLE secret (id bigint)", params![])
            .await
            .unwrap();
        match store.scope(tenant("other", "nord")).await {
            // On PostgreSQL the schema's name has no room for the app: the second is refused.
            Err(error) => assert_eq!(error.code_str(), "store.scope_taken"),
            Ok(second) => {
                let error = second
                    .all::<i64>("SELECT id FROM secret", params![])
                    .await
                    .unwrap_err();
                assert_eq!(state(&error), "42P01");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn many_may_make_a_scope_at_once() {
    on_each("many_may_make_a_scope_at_once", |store| async move {
        let made = (0..12).map(|number| store.scope(tenant("school", &format!("k{}", number % 3))));
        for db in futures_util::future::join_all(made).await {
            db.unwrap();
        }
    })
    .await;
}

#[tokio::test]
async fn a_statement_that_names_another_tenants_schema_is_refused() {
    on_each(
        "a_statement_that_names_another_tenants_schema_is_refused",
        |store| async move {
            for key in ["nord", "sued"] {
                let db = store.scope(tenant("school", key)).await.unwrap();
                db.execute("CREATE TABLE own (n bigint)", params![])
                    .await
                    .unwrap();
            }
            let db = store.scope(tenant("school", "nord")).await.unwrap();
            for sql in [
                "SELECT n FROM tenant_sued.own",
                "SELECT n FROM \"tenant_sued\".\"own\"",
                "SELECT n FROM own, Tenant_Sued . own",
                "SELECT n FROM app_school.own",
            ] {
                let refused = db.all::<i64>(sql, params![]).await.unwrap_err();
                assert_eq!(state(&refused), "42501", "{sql}");
            }
            let fine = "SELECT tenant_sued.n FROM own AS tenant_sued WHERE tenant_sued.n > 0";
            assert!(db.all::<i64>(fine, params![]).await.unwrap().is_empty());
        },
    )
    .await;
}
