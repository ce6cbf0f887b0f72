//! Migrations: applied once, under a lock, and refused when history was changed.

use busbar_store::{Migration, MigrationSet, Scope, params};
use futures_util::future::join_all;

use crate::harness::on_each;

const ONE: Migration = Migration {
    number: 1,
    name: "things",
    sqlite: "CREATE TABLE auth.things (id integer PRIMARY KEY, at text); CREATE INDEX things_at ON auth.things (at);",
    postgres: "CREATE TABLE auth.things (id bigint PRIMARY KEY, at timestamptz); CREATE INDEX things_at ON auth.things (at);",
};
const TWO: Migration = Migration {
    number: 2,
    name: "first_thing",
    sqlite: "INSERT INTO auth.things (id) VALUES (1)",
    postgres: "INSERT INTO auth.things (id) VALUES (1)",
};
const EDITED: Migration = Migration {
    sqlite: "SELECT 1",
    postgres: "SELECT 1",
    ..TWO
};
const BROKEN: Migration = Migration {
    number: 2,
    name: "broken",
    sqlite: "INSERT INTO auth.things (id) VALUES (8); INSERT INTO nowhere VALUES (1)",
    postgres: "INSERT INTO auth.things (id) VALUES (8); INSERT INTO nowhere VALUES (1)",
};

const fn set(migrations: &'static [Migration]) -> MigrationSet {
    MigrationSet {
        name: "part",
        migrations,
    }
}

#[tokio::test]
async fn migrations_are_applied_once_in_every_scope() {
    on_each("migrations_are_applied_once_in_every_scope", |store| async move {
        for scope in [Scope::Platform, Scope::Data, Scope::App("demo".to_owned())] {
            let db = store.scope(scope).await.unwrap();
            assert_eq!(
                store.migrate(&db, &set(&[ONE])).await.unwrap(),
                ["part 0001_things"]
            );
            assert_eq!(
                store.migrate(&db, &set(&[ONE, TWO])).await.unwrap(),
                ["part 0002_first_thing"]
            );
            assert!(store.migrate(&db, &set(&[ONE, TWO])).await.unwrap().is_empty());
            assert_eq!(
                db.one::<i64>("SELECT id FROM auth.things", params![])
                    .await
                    .unwrap(),
                1
            );
            let other = MigrationSet {
                name: "other",
                migrations: &[EDITED_ALONE],
            };
            assert_eq!(store.migrate(&db, &other).await.unwrap(), ["other 0001_alone"]);
        }
    })
    .await;
}

const EDITED_ALONE: Migration = Migration {
    number: 1,
    name: "alone",
    ..EDITED
};

#[tokio::test]
async fn a_changed_history_is_refused_with_the_reason() {
    on_each(
        "a_changed_history_is_refused_with_the_reason",
        |store| async move {
            let db = store.scope(Scope::Data).await.unwrap();
            store.migrate(&db, &set(&[ONE, TWO])).await.unwrap();
            for (set, reason) in [
                (set(&[ONE, EDITED]), "part 0002_first_thing was edited"),
                (set(&[ONE]), "newer version"),
                (set(&[TWO]), "numbered 1, 2, 3"),
            ] {
                let error = store.migrate(&db, &set).await.unwrap_err();
                assert_eq!(error.code_str(), "store.migration_refused");
                assert!(error.message().contains(reason), "{}", error.message());
            }
            assert!(store.migrate(&db, &set(&[ONE, TWO])).await.unwrap().is_empty());
        },
    )
    .await;
}

#[tokio::test]
async fn a_migration_that_fails_leaves_nothing_and_can_be_mended() {
    on_each(
        "a_migration_that_fails_leaves_nothing_and_can_be_mended",
        |store| async move {
            let db = store.scope(Scope::Data).await.unwrap();
            let error = store.migrate(&db, &set(&[ONE, BROKEN])).await.unwrap_err();
            assert_eq!(error.code_str(), "store.migration_failed");
            assert!(
                error.message().contains("part 0002_broken"),
                "{}",
                error.message()
            );
            assert_eq!(
                db.one::<i64>("SELECT count(*) FROM auth.things", params![])
                    .await
                    .unwrap(),
                0
            );
            assert_eq!(
                store.migrate(&db, &set(&[ONE, TWO])).await.unwrap(),
                ["part 0002_first_thing"]
            );
        },
    )
    .await;
}

#[tokio::test]
async fn many_at_once_apply_each_migration_once() {
    on_each("many_at_once_apply_each_migration_once", |store| async move {
        let db = store.scope(Scope::Data).await.unwrap();
        let sets = set(&[ONE, TWO]);
        let all = join_all((0..6).map(|_| store.migrate(&db, &sets))).await;
        let applied: Vec<String> = all.into_iter().flat_map(Result::unwrap).collect();
        assert_eq!(applied.len(), 2, "{applied:?}");
    })
    .await;
}
