//! Backups that are really restored.

use busbar_store::{Dialect, params};
use busbar_workbench::Backup;
use serde_json::json;
use std::time::Duration;

use crate::bed::{Bed, on_both};

pub(crate) async fn made(bed: &Bed, name: &str) -> Backup {
    let begun = bed.bench.backups.create(Some(name), "test").await.unwrap();
    ended(bed, begun.id).await
}

/// A backup, once it is no longer being made.
pub(crate) async fn ended(bed: &Bed, id: uuid::Uuid) -> Backup {
    for _ in 0..400 {
        let now = bed.bench.backups.show(id).await.unwrap();
        if now.status != "running" {
            return now;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the backup never ended");
}

#[tokio::test]
async fn a_backup_brings_back_what_was_there() {
    on_both("a_backup_brings_back", async |bed| {
        bed.sql(
            "CREATE TABLE posts (id integer PRIMARY KEY, title text, author uuid REFERENCES auth.users (id)); \
             CREATE INDEX posts_title ON posts (title); CREATE POLICY p ON posts USING (title = 'a'); \
             INSERT INTO posts VALUES (1, 'a', '00000000-0000-4000-8000-000000000001'), (2, 'b', NULL)",
        )
        .await;
        let backup = made(&bed, "before").await;
        assert_eq!((backup.status.as_str(), backup.error_message), ("completed", None));
        assert!(backup.size_bytes.unwrap() > 0);
        bed.sql("DELETE FROM posts; CREATE TABLE later (id integer PRIMARY KEY); DROP POLICY p ON posts").await;
        let second = made(&bed, "after").await;
        bed.bench.backups.restore(backup.id).await.unwrap();
        assert_eq!(
            bed.rows("SELECT id, title FROM posts ORDER BY id").await,
            json!([{"id": 1, "title": "a"}, {"id": 2, "title": "b"}])
        );
        let catalogue = bed.schema.library.current();
        assert!(catalogue.table("public", "later").is_err());
        assert!(catalogue.table("public", "posts").unwrap().row_security());
        assert_eq!(bed.schema.policies.list("public").await.unwrap().len(), 1);
        bed.sql("INSERT INTO posts VALUES (3, 'c', NULL); ALTER TABLE posts ADD COLUMN more text").await;
        assert_eq!(bed.bench.backups.list().await.unwrap().len(), 2, "backups outlive a restore");
        bed.bench.backups.restore(second.id).await.unwrap();
        assert_eq!(bed.rows("SELECT * FROM posts").await, json!([]));
        assert!(bed.schema.library.current().table("public", "later").is_ok());
    })
    .await;
}

#[tokio::test]
async fn a_backup_that_was_changed_is_refused_and_a_deleted_one_is_gone() {
    on_both("a_backup_that_was_changed", async |bed| {
        bed.sql("CREATE TABLE t (id integer PRIMARY KEY); INSERT INTO t VALUES (1)")
            .await;
        let backup = made(&bed, "one").await;
        let renamed = bed.bench.backups.rename(backup.id, "two").await.unwrap();
        assert_eq!(renamed.name, "two");
        let file = bed
            .folder
            .path()
            .join("backups")
            .join(format!("{}.backup", backup.id));
        let mut bytes = std::fs::read(&file).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        std::fs::write(&file, bytes).unwrap();
        let refused = bed.bench.backups.restore(backup.id).await.unwrap_err();
        assert_eq!(refused.code_str(), "workbench.backup_unusable");
        assert_eq!(bed.rows("SELECT id FROM t").await, json!([{"id": 1}]));
        bed.bench.backups.delete(backup.id).await.unwrap();
        assert!(!file.exists());
        let gone = bed.bench.backups.restore(backup.id).await.unwrap_err();
        assert_eq!(gone.code_str(), "backup.not_found");
    })
    .await;
}

#[tokio::test]
async fn what_people_are_and_what_lets_them_in_is_not_turned_back() {
    on_both("what_lets_them_in_is_not_turned_back", async |bed| {
        bed.sql("CREATE TABLE t (id integer PRIMARY KEY)").await;
        let backup = made(&bed, "one").await;
        let ended = "DELETE FROM auth.sessions";
        bed.db.execute(ended, busbar_store::params![]).await.unwrap();
        bed.bench.backups.restore(backup.id).await.unwrap();
        let count = "SELECT count(*) FROM auth.sessions";
        let sessions: i64 = bed.db.one(count, busbar_store::params![]).await.unwrap();
        assert_eq!(sessions, 0, "an ended session came back");
    })
    .await;
}

#[tokio::test]
async fn a_restore_is_all_or_nothing() {
    on_both("a_restore_is_all_or_nothing", async |bed| {
        bed.sql(
            "CREATE TABLE posts (id integer PRIMARY KEY, author uuid REFERENCES auth.users (id)); \
             INSERT INTO posts VALUES (1, '00000000-0000-4000-8000-000000000001')",
        )
        .await;
        let backup = made(&bed, "one").await;
        bed.sql(
            "DELETE FROM posts; CREATE TABLE later (id integer PRIMARY KEY); INSERT INTO later VALUES (7)",
        )
        .await;
        bed.db
            .execute("DELETE FROM auth.users", busbar_store::params![])
            .await
            .unwrap();
        let refused = bed.bench.backups.restore(backup.id).await.unwrap_err();
        assert_eq!(
            refused.wire_code_str(),
            Some("23503"),
            "{}",
            refused.operator_line()
        );
        assert_eq!(bed.rows("SELECT id FROM later").await, json!([{"id": 7}]));
        assert_eq!(bed.rows("SELECT id FROM posts").await, json!([]));
    })
    .await;
}

#[tokio::test]
async fn migrations_go_with_their_tables() {
    on_both("migrations_go_with_their_tables", async |bed| {
        let apply = async |version: &str, table: &str| {
            let migration = busbar_workbench::NewMigration {
                version: version.into(),
                name: "one".into(),
                sql: format!("CREATE TABLE {table} (id integer PRIMARY KEY)"),
            };
            bed.bench.migrations.apply(&migration).await.unwrap();
        };
        apply("1", "a").await;
        let backup = made(&bed, "one").await;
        apply("2", "b").await;
        bed.bench.backups.restore(backup.id).await.unwrap();
        let versions: Vec<String> = bed
            .bench
            .migrations
            .list()
            .await
            .unwrap()
            .into_iter()
            .map(|one| one.version)
            .collect();
        assert_eq!(versions, ["1"]);
        apply("2", "b").await;
    })
    .await;
}

#[tokio::test]
async fn a_backup_that_ended_with_its_process_is_not_listed_as_good() {
    on_both("a_backup_that_ended_with_its_process", async |bed| {
        bed.sql("CREATE TABLE t (id integer PRIMARY KEY)").await;
        let good = made(&bed, "good").await;
        let again = bed.cut_off_while_backing_up(good.id).await;
        let listed = again.backups.list().await.unwrap();
        assert_eq!(listed[0].status, "failed");
        let refused = again.backups.restore(good.id).await.unwrap_err();
        assert_eq!(refused.code_str(), "workbench.backup_unusable");
        let part = bed
            .folder
            .path()
            .join("backups")
            .join(format!("{}.part", good.id));
        assert!(!part.exists(), "half a file is left");
    })
    .await;
}

#[tokio::test]
async fn rights_that_were_taken_away_stay_so() {
    on_both("rights_that_were_taken_away_stay_so", async |bed| {
        if !bed.is_postgres() {
            return;
        }
        bed.sql("CREATE TABLE closed (id integer PRIMARY KEY); REVOKE ALL ON closed FROM anon; CREATE TABLE open (id serial)")
            .await;
        let backup = made(&bed, "one").await;
        assert_eq!(backup.error_message, None);
        bed.bench.backups.restore(backup.id).await.unwrap();
        bed.sql("CREATE TABLE later (id integer PRIMARY KEY)").await;
        let may = "SELECT has_table_privilege('anon', 'closed', 'SELECT') AS closed, \
                   has_table_privilege('anon', 'open', 'SELECT') AS open, has_table_privilege('anon', 'later', 'SELECT') AS later";
        assert_eq!(bed.rows(may).await, json!([{"closed": false, "open": true, "later": true}]));
    })
    .await;
}

#[tokio::test]
async fn views_functions_and_types_come_back_in_any_order() {
    on_both("views_functions_and_types_come_back", async |bed| {
        bed.sql(
            "CREATE TABLE t (id integer PRIMARY KEY, n integer); INSERT INTO t VALUES (1, 2); \
             CREATE VIEW v AS SELECT n FROM t; CREATE VIEW w AS SELECT n FROM v",
        )
        .await;
        if bed.is_postgres() {
            bed.sql(
                "CREATE TYPE mood AS ENUM ('good', 'bad'); CREATE DOMAIN positive AS integer CHECK (VALUE > 0); \
                 CREATE TABLE u (id serial PRIMARY KEY, number integer GENERATED ALWAYS AS IDENTITY, m mood, p positive); \
                 INSERT INTO u (m, p) VALUES ('good', 7); \
                 CREATE FUNCTION first_of() RETURNS u LANGUAGE sql AS 'SELECT * FROM u LIMIT 1'; \
                 CREATE FUNCTION about(u) RETURNS mood LANGUAGE sql AS 'SELECT $1.m'; \
                 CREATE MATERIALIZED VIEW m AS SELECT about(u) AS mood FROM u; CREATE SEQUENCE alone",
            )
            .await;
        }
        let backup = made(&bed, "one").await;
        assert_eq!(backup.error_message, None);
        for _ in 0..2 {
            bed.sql("DELETE FROM t; CREATE VIEW x AS SELECT n FROM w").await;
            bed.bench.backups.restore(backup.id).await.unwrap();
            assert_eq!(bed.rows("SELECT n FROM w").await, json!([{"n": 2}]));
            assert!(bed.try_sql("SELECT n FROM x").await.is_err());
        }
        if bed.is_postgres() {
            let rows = bed
                .rows("SELECT (first_of()).p::text AS p, (SELECT mood::text FROM m) AS mood, nextval('alone')::text AS next")
                .await;
            assert_eq!(rows, json!([{"p": "7", "mood": "good", "next": "1"}]));
        }
    })
    .await;
}

#[tokio::test]
async fn what_was_deleted_before_is_in_no_backup() {
    on_both("what_was_deleted_before", async |bed| {
        bed.sql("CREATE TABLE notes (id integer PRIMARY KEY, text text)")
            .await;
        for id in 0..200 {
            bed.sql(&format!(
                "INSERT INTO notes VALUES ({id}, 'a secret of long ago, {id}')"
            ))
            .await;
        }
        bed.sql("DELETE FROM notes WHERE id <> 7").await;
        let backup = made(&bed, "after").await;
        assert_eq!(backup.error_message, None);
        let name = format!("{}.backup", backup.id);
        let bytes = std::fs::read(bed.folder.path().join("backups").join(name)).unwrap();
        let told = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
        if bed.db.dialect() == Dialect::Sqlite {
            assert!(told("a secret of long ago, 7"));
        }
        for id in (0..200).filter(|id| *id != 7 && !(70..80).contains(id)) {
            assert!(!told(&format!("a secret of long ago, {id}")), "{id}");
        }
    })
    .await;
}

#[tokio::test]
async fn policies_of_files_keep_the_tables_that_they_ask() {
    on_both("policies_of_files_keep", async |bed| {
        if bed.db.dialect() == Dialect::Sqlite {
            // Its policies of files are rows, and what they ask is checked when tables change.
            return;
        }
        bed.sql("CREATE TABLE hidden (key text PRIMARY KEY)").await;
        let policy = "CREATE POLICY none ON storage.objects AS RESTRICTIVE FOR SELECT \
                      USING (NOT EXISTS (SELECT 1 FROM public.hidden h WHERE h.key = objects.key))";
        bed.db.execute(policy, params![]).await.unwrap();
        bed.schema.library.refresh().await.unwrap();
        let backup = made(&bed, "asked").await;
        let refused = bed.bench.backups.restore(backup.id).await.unwrap_err();
        assert_eq!(
            refused.wire_code_str(),
            Some("2BP01"),
            "{}",
            refused.operator_line()
        );
        let refused = bed.schema.tables.drop("public", "hidden").await.unwrap_err();
        assert_eq!(refused.wire_code_str(), Some("2BP01"));
        assert_eq!(
            bed.db
                .one::<i64>("SELECT count(*) FROM pg_policy WHERE polname = 'none'", params![])
                .await
                .unwrap(),
            1
        );
        bed.db
            .execute("DROP POLICY none ON storage.objects", params![])
            .await
            .unwrap();
        bed.bench.backups.restore(backup.id).await.unwrap();
    })
    .await;
}
