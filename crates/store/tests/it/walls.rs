//! Statements cannot leave their file or change how it is kept (SQLite).

use busbar_store::{Scope, Step, params};

use crate::harness::{count, on_sqlite, state, with_table};

#[tokio::test]
async fn statements_that_would_leave_the_file_are_refused() {
    on_sqlite(|store, settings| async move {
        let db = with_table(&store).await;
        let platform = store.scope(Scope::Platform).await.unwrap();
        platform
            .execute("CREATE TABLE secret (id integer)", params![])
            .await
            .unwrap();
        let elsewhere = settings
            .sqlite
            .data_dir
            .join("sql/platform.db")
            .display()
            .to_string();
        for sql in [
            format!("ATTACH '{elsewhere}' AS other"),
            format!("/* */ attach database '{elsewhere}' AS other"),
            "DETACH main".to_owned(),
            format!("VACUUM INTO '{elsewhere}.copy'"),
            "VACUUM".to_owned(),
            "PRAGMA journal_mode = DELETE".to_owned(),
            "PRAGMA synchronous = OFF".to_owned(),
            "PRAGMA foreign_keys = OFF".to_owned(),
            "PRAGMA writable_schema = ON".to_owned(),
            "PRAGMA query_only = OFF".to_owned(),
            "PRAGMA schema_version = 7".to_owned(),
            "PRAGMA temp_store_directory = '/'".to_owned(),
            "SELECT load_extension('/tmp/x.so')".to_owned(),
            "COMMIT".to_owned(),
            "ROLLBACK".to_owned(),
            "BEGIN".to_owned(),
            "SAVEPOINT x".to_owned(),
            "RELEASE member".to_owned(),
            "END".to_owned(),
            "CREATE TEMP TABLE left_behind (id integer)".to_owned(),
            "CREATE VIRTUAL TABLE v USING dbstat".to_owned(),
        ] {
            let steps = vec![
                Step::new("INSERT INTO t VALUES (1, 'x')", params![]),
                Step::new(sql.clone(), params![]),
            ];
            assert!(db.batch(steps).await.is_err(), "{sql} was run");
            let read = db.all::<String>(&sql, params![]).await.unwrap_err();
            assert!(
                ["42501", "42883", "25006", "42000"].contains(&state(&read)),
                "{sql}: {read:?}"
            );
            assert_eq!(count(&db).await, 0, "{sql}");
        }
        for sql in [
            "UPDATE sqlite_schema SET sql = 'x'",
            "INSERT INTO sqlite_schema VALUES ('table','x','x',0,'x')",
        ] {
            assert!(db.execute(sql, params![]).await.is_err(), "{sql} was run");
        }
        let told: Vec<String> = db
            .all("SELECT name FROM pragma_table_info('t') ORDER BY cid", params![])
            .await
            .unwrap();
        assert_eq!(told, ["id", "name"]);
        assert!(db.all::<i64>("SELECT id FROM secret", params![]).await.is_err());
        db.execute("CREATE VIRTUAL TABLE words USING fts5(text)", params![])
            .await
            .unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_read_cannot_write() {
    on_sqlite(|store, _| async move {
        let db = with_table(&store).await;
        let error = db
            .all::<i64>("INSERT INTO t VALUES (1, 'x') RETURNING id", params![])
            .await
            .unwrap_err();
        assert_eq!(state(&error), "25006");
        assert_eq!(count(&db).await, 0);
    })
    .await;
}
