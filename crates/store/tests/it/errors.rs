//! The same fault has the same SQLSTATE, kind and words on both databases.

use busbar_kernel::{Error, Kind};
use busbar_store::{Db, Scope, SqliteFunction, Store, StoreSettings, Value, params};

use crate::harness::{on_each, open, state};

async fn tables(store: &Store) -> Db {
    let db = store.scope(Scope::Data).await.unwrap().looking_in("public");
    for sql in [
        "CREATE TABLE parent (id bigint PRIMARY KEY, code text UNIQUE, size bigint CHECK (size > 0))",
        "CREATE TABLE child (id bigint PRIMARY KEY, parent_id bigint NOT NULL REFERENCES parent (id), name text NOT NULL)",
        "CREATE UNIQUE INDEX child_names ON child (name, parent_id)",
        "INSERT INTO parent VALUES (1, 'a', 1)",
        "INSERT INTO child VALUES (1, 1, 'x')",
    ] {
        db.execute(sql, params![]).await.unwrap();
    }
    db
}

#[tokio::test]
async fn faults_are_told_alike() {
    on_each("faults_are_told_alike", |store| async move {
        let db = tables(&store).await;
        for (sql, wanted, kind, message) in [
            ("INSERT INTO parent VALUES (1, 'b', 1)", "23505", Kind::Conflict, "duplicate key value violates unique constraint \"parent_pkey\""),
            ("INSERT INTO parent VALUES (2, 'a', 1)", "23505", Kind::Conflict, "duplicate key value violates unique constraint \"parent_code_key\""),
            ("INSERT INTO child VALUES (2, 1, 'x')", "23505", Kind::Conflict, "duplicate key value violates unique constraint \"child_names\""),
            ("INSERT INTO child VALUES (2, 9, 'y')", "23503", Kind::Conflict, "insert or update on table \"child\" violates foreign key constraint \"child_parent_id_fkey\""),
            ("DELETE FROM parent WHERE id = 1", "23503", Kind::Conflict, "update or delete on table \"parent\" violates foreign key constraint"),
            ("INSERT INTO child VALUES (2, NULL, 'y')", "23502", Kind::Invalid, "null value in column \"parent_id\" of relation \"child\" violates not-null constraint"),
            ("INSERT INTO parent VALUES (2, 'b', 0)", "23514", Kind::Invalid, "new row for relation \"parent\" violates check constraint"),
            ("SELECT * FROM nowhere", "42P01", Kind::NotFound, "relation \"nowhere\" does not exist"),
            ("SELECT absent FROM parent", "42703", Kind::Invalid, "column \"absent\" does not exist"),
            ("INSERT INTO parent (absent) VALUES (1)", "42703", Kind::Invalid, "column \"absent\" of relation \"parent\" does not exist"),
            ("SELECT \"absent\" FROM parent", "42703", Kind::Invalid, "column \"absent\" does not exist"),
            ("SELECT id FROM parent, child", "42702", Kind::Invalid, "column reference \"id\" is ambiguous"),
            ("SELECT absent(1)", "42883", Kind::NotFound, "function absent"),
            ("SELEC 1", "42601", Kind::Invalid, "syntax error at or near \"SELEC\""),
            ("SELECT (1", "42601", Kind::Invalid, "syntax error"),
            ("CREATE TABLE parent (id bigint)", "42P07", Kind::Conflict, "relation \"parent\" already exists"),
            ("ALTER TABLE parent ADD COLUMN code text", "42701", Kind::Conflict, "column \"code\""),
            ("SELECT 1; SELECT 2", "42601", Kind::Invalid, "cannot insert multiple commands"),
        ] {
            let error = db.execute(sql, params![]).await.unwrap_err();
            assert_eq!((state(&error), error.kind()), (wanted, kind), "{sql}: {error:?}");
            assert!(error.message().starts_with(message), "{sql}: {}", error.message());
            assert!(error.code_str().starts_with("store."), "{error:?}");
        }
        let duplicate = db.execute("INSERT INTO parent VALUES (1, 'b', 1)", params![]).await.unwrap_err();
        assert!(duplicate.details_str().is_some_and(|details| details.starts_with("Key (id)")), "{duplicate:?}");
        let orphan = db.execute("INSERT INTO child VALUES (2, 9, 'y')", params![]).await.unwrap_err();
        let details = orphan.details_str().unwrap_or_default();
        assert!(details.contains("is not present in table \"parent\""), "{details}");
    })
    .await;
}

#[tokio::test]
async fn a_functions_error_is_the_statements() {
    let folder = tempfile::tempdir().unwrap();
    let mut settings = StoreSettings::sqlite(folder.path());
    settings.sqlite_functions = vec![
        SqliteFunction::new("twice", 1, |arguments| {
            Ok(Value::Int(arguments[0].as_i64().unwrap_or(0) * 2))
        }),
        SqliteFunction::new("refuse", 0, |_| {
            Err(Error::invalid("x", "It is refused")
                .wire_code("42501")
                .details("Because")
                .hint("Do not"))
        }),
        SqliteFunction::new("auth.uid", 0, |_| Ok(Value::Text("me".to_owned()))).volatile(),
    ];
    let store = open(settings).await;
    let db = store.scope(Scope::Data).await.unwrap();
    assert_eq!(db.one::<i64>("SELECT twice($1)", params![4]).await.unwrap(), 8);
    assert_eq!(
        db.one::<String>("SELECT auth.uid()", params![]).await.unwrap(),
        "me"
    );
    db.execute(
        "CREATE TABLE d (id text DEFAULT (auth.uid()), n integer)",
        params![],
    )
    .await
    .unwrap();
    let id: Vec<String> = db
        .returning("INSERT INTO d (n) VALUES (1) RETURNING id", params![])
        .await
        .unwrap();
    assert_eq!(id, ["me"]);
    let error = db.one::<i64>("SELECT refuse()", params![]).await.unwrap_err();
    assert_eq!((state(&error), error.kind()), ("42501", Kind::Forbidden));
    assert_eq!(
        (error.message(), error.details_str(), error.hint_str()),
        ("It is refused", Some("Because"), Some("Do not"))
    );
    store.close().await;
}
