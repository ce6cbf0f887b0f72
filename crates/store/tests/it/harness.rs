//! One store per case and database, thrown away afterwards.

use std::future::Future;
use std::sync::Arc;

use busbar_kernel::{Error, SystemClock, random};
use busbar_store::{Db, Dialect, Scope, Store, StoreSettings};

/// Runs a case on SQLite and, where there is one, on PostgreSQL.
pub(crate) async fn on_each<C, F>(test: &str, case: C)
where
    C: Fn(Store) -> F,
    F: Future<Output = ()>,
{
    on_sqlite(|store, _| case(store)).await;
    on_postgres(test, |store, _| case(store)).await;
}

/// Runs a case on a fresh SQLite store; it also gets the settings, whose folder is the case's own.
pub(crate) async fn on_sqlite<C, F>(case: C)
where
    C: Fn(Store, StoreSettings) -> F,
    F: Future<Output = ()>,
{
    let folder = tempfile::tempdir().unwrap();
    let settings = StoreSettings::sqlite(folder.path());
    let store = open(settings.clone()).await;
    case(store.clone(), settings).await;
    store.close().await;
}

/// Runs a case on a fresh PostgreSQL database, which is dropped afterwards; skipped by name without a server.
pub(crate) async fn on_postgres<C, F>(test: &str, case: C)
where
    C: Fn(Store, StoreSettings) -> F,
    F: Future<Output = ()>,
{
    let Some(server) = server(test) else { return };
    let name = format!("store_{}", random::hex(8));
    let admin = connect(&server).await;
    admin
        .batch_execute(&format!("CREATE DATABASE {name}"))
        .await
        .unwrap();
    let settings = settings(&server, &name);
    let store = open(settings.clone()).await;
    case(store.clone(), settings).await;
    store.close().await;
    let login = admin
        .query_one(
            "SELECT 'busbar_request_' || oid FROM pg_database WHERE datname = $1",
            &[&name],
        )
        .await
        .unwrap();
    let login: String = login.get(0);
    admin
        .batch_execute(&format!("DROP DATABASE {name} WITH (FORCE)"))
        .await
        .unwrap();
    admin
        .batch_execute(&format!("DROP ROLE IF EXISTS {login}"))
        .await
        .unwrap();
}

/// A superuser's address, from the environment; without one the test is skipped, or fails where peers are a must.
#[expect(
    clippy::disallowed_methods,
    reason = "a test's peers are told by the environment alone"
)]
fn server(test: &str) -> Option<String> {
    let server = std::env::var("BUSBAR_TEST_POSTGRES_URL")
        .ok()
        .filter(|url| !url.is_empty());
    if server.is_none() {
        let required = std::env::var("BUSBAR_TEST_REQUIRE_PEERS").is_ok_and(|value| value == "1");
        assert!(!required, "{test}: BUSBAR_TEST_POSTGRES_URL is not set");
        println!("skipped: {test}: no PostgreSQL");
    }
    server
}

/// The server's address with another database.
pub(crate) fn settings(server: &str, database: &str) -> StoreSettings {
    let (place, _) = server.rsplit_once('/').unwrap();
    let mut settings = StoreSettings::postgres(format!("{place}/{database}"));
    if let Some(postgres) = &mut settings.postgres {
        postgres.pool_min = 0;
        postgres.pool_max = 6;
    }
    settings
}

/// Opens a store on the machine's clock.
pub(crate) async fn open(settings: StoreSettings) -> Store {
    Store::open(settings, Arc::new(SystemClock)).await.unwrap()
}

/// A plain connection, beside the store.
pub(crate) async fn connect(url: &str) -> tokio_postgres::Client {
    let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

/// The data scope with a table `t (id, name)`.
pub(crate) async fn with_table(store: &Store) -> Db {
    let db = store.scope(Scope::Data).await.unwrap().looking_in("public");
    db.execute(
        "CREATE TABLE t (id bigint PRIMARY KEY, name text NOT NULL)",
        vec![],
    )
    .await
    .unwrap();
    db
}

/// How many rows `t` has.
pub(crate) async fn count(db: &Db) -> i64 {
    db.one("SELECT count(*) FROM t", vec![]).await.unwrap()
}

/// The text for the database at hand.
pub(crate) fn pick<'t>(db: &Db, sqlite: &'t str, postgres: &'t str) -> &'t str {
    match db.dialect() {
        Dialect::Sqlite => sqlite,
        Dialect::Postgres => postgres,
    }
}

/// The SQLSTATE of an error.
pub(crate) fn state(error: &Error) -> &str {
    error.wire_code_str().unwrap_or("none")
}
