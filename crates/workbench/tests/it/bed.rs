//! A workbench per test and database.

use std::future::Future;
use std::sync::Arc;

use busbar_kernel::{Error, SystemClock, random};
use busbar_schema::Schema;
use busbar_store::{Db, Dialect, Scope, Store, StoreSettings, params};
use busbar_workbench::{SqlAnswer, SqlRequest, Workbench};
use serde_json::{Value, json};

/// A workbench of its own.
pub(crate) struct Bed {
    pub(crate) bench: Workbench,
    pub(crate) schema: Schema,
    pub(crate) db: Db,
    store: Store,
    pub(crate) folder: tempfile::TempDir,
}

impl Bed {
    pub(crate) fn is_postgres(&self) -> bool {
        self.db.dialect() == Dialect::Postgres
    }

    /// Runs raw SQL with the administrator's rights.
    pub(crate) async fn try_sql(&self, query: &str) -> Result<SqlAnswer, Error> {
        let request = SqlRequest {
            query: query.to_owned(),
            ..SqlRequest::default()
        };
        self.bench.sql.run(&request).await
    }

    pub(crate) async fn sql(&self, query: &str) -> SqlAnswer {
        let done = self.try_sql(query).await;
        done.unwrap_or_else(|error| panic!("{query}: {}", error.operator_line()))
    }

    /// The workbench of a process that starts after another was killed while it made this backup.
    pub(crate) async fn cut_off_while_backing_up(&self, id: uuid::Uuid) -> Workbench {
        let platform = self.store.scope(Scope::Platform).await.unwrap();
        let sql = "UPDATE backups SET status = 'running', checksum = NULL WHERE id = $1";
        platform.execute(sql, params![id.to_string()]).await.unwrap();
        let folder = self.folder.path().join("backups");
        std::fs::write(folder.join(format!("{id}.part")), "half").unwrap();
        // A process that is killed lets go of its lock.
        std::fs::remove_file(folder.join("lock")).unwrap();
        let clock = Arc::new(SystemClock);
        Workbench::open(&self.store, self.schema.clone(), folder, clock)
            .await
            .unwrap()
    }

    /// The workbench of another process on the same database, with a folder of its own.
    pub(crate) async fn another_process(&self) -> Workbench {
        let folder = self.folder.path().join("other");
        Workbench::open(&self.store, self.schema.clone(), folder, Arc::new(SystemClock))
            .await
            .unwrap()
    }

    /// A table with a secret in an app's place and in a tenant's.
    pub(crate) async fn secrets_elsewhere(&self) {
        let tenant = "0123456789abcdef0123456789abcdef".parse().unwrap();
        let app = "demo".to_owned();
        for scope in [Scope::App(app.clone()), Scope::Tenant { app, tenant }] {
            let other = self.store.scope(scope).await.unwrap();
            let sql = "CREATE TABLE secret (id bigint)";
            other.execute(sql, params![]).await.unwrap();
        }
    }

    /// Changes something that Busbar keeps for itself.
    pub(crate) async fn platform(&self, sql: &str) {
        let platform = self.store.scope(Scope::Platform).await.unwrap();
        platform.execute(sql, params![]).await.unwrap();
    }

    /// The rows of a query, as one list.
    pub(crate) async fn rows(&self, query: &str) -> Value {
        json!(self.sql(query).await.rows)
    }

    /// The SQLSTATE or code with which a text is refused.
    pub(crate) async fn refused(&self, query: &str) -> String {
        match self.try_sql(query).await {
            Ok(answer) => panic!("{query} was not refused: {answer:?}"),
            Err(error) => error
                .wire_code_str()
                .unwrap_or_else(|| error.code_str())
                .to_owned(),
        }
    }
}

/// Runs a test on SQLite, and on PostgreSQL where there is one.
pub(crate) async fn on_both<F: Future<Output = ()>>(test: &str, run: impl Fn(Arc<Bed>) -> F) {
    let folder = tempfile::tempdir().unwrap();
    run_on(StoreSettings::sqlite(folder.path()), folder, &run).await;
    let Some(peer) = peer(test) else { return };
    let database = format!("workbench_{}", random::hex(8));
    administer(&peer, &format!("CREATE DATABASE {database} TEMPLATE template0")).await;
    let (head, _) = peer.rsplit_once('/').unwrap();
    let settings = StoreSettings::postgres(format!("{head}/{database}"));
    run_on(settings, tempfile::tempdir().unwrap(), &run).await;
    administer(&peer, &format!("DROP DATABASE {database} WITH (FORCE)")).await;
}

async fn run_on<F: Future<Output = ()>>(
    settings: StoreSettings,
    folder: tempfile::TempDir,
    run: &impl Fn(Arc<Bed>) -> F,
) {
    let clock = Arc::new(SystemClock);
    let store = Store::open(settings, clock.clone()).await.unwrap();
    let schema = Schema::open(&store, clock.clone()).await.unwrap();
    let db = store.scope(Scope::Data).await.unwrap().looking_in("public");
    for sql in [
        "CREATE TABLE auth.users (id uuid PRIMARY KEY, email text, password text)",
        "CREATE TABLE auth.sessions (id uuid PRIMARY KEY, token_hash text)",
        "INSERT INTO auth.users VALUES ('00000000-0000-4000-8000-000000000001', 'a@example.org', 'hash')",
        "INSERT INTO auth.sessions VALUES ('00000000-0000-4000-8000-000000000002', 'hash')",
        "ALTER TABLE auth.users ADD COLUMN email_verified boolean",
        "ALTER TABLE auth.users ADD COLUMN created_at timestamptz",
        "ALTER TABLE auth.users ADD COLUMN updated_at timestamptz",
        "ALTER TABLE auth.users ADD COLUMN profile text",
        "ALTER TABLE auth.users ADD COLUMN metadata text",
        "ALTER TABLE auth.users ADD COLUMN is_anonymous boolean",
    ] {
        db.execute(sql, params![]).await.unwrap();
    }
    if db.dialect() == Dialect::Postgres {
        // What accounts and files bring, as far as the administrator's model speaks of it.
        for sql in [
            "CREATE TABLE auth.user_providers (id uuid PRIMARY KEY, user_id uuid, provider text, provider_account_id text, \
             access_token text, created_at timestamptz, updated_at timestamptz)",
            "CREATE TABLE auth.config (id uuid PRIMARY KEY)",
            "CREATE TABLE system.secrets (id uuid PRIMARY KEY)",
            "GRANT USAGE ON SCHEMA storage TO project_admin",
            "CREATE TABLE storage.buckets (name text PRIMARY KEY)",
            "CREATE TABLE storage.objects (bucket text COLLATE \"C\", key text COLLATE \"C\", PRIMARY KEY (bucket, key))",
        ] {
            db.execute(sql, params![]).await.unwrap();
        }
    }
    let bench = Workbench::open(&store, schema.clone(), folder.path().join("backups"), clock)
        .await
        .unwrap();
    let bed = Arc::new(Bed {
        bench,
        schema,
        db,
        store,
        folder,
    });
    run(bed.clone()).await;
    bed.store.close().await;
}

#[expect(
    clippy::disallowed_methods,
    reason = "a test's peers are told by the environment alone"
)]
fn peer(test: &str) -> Option<String> {
    let peer = std::env::var("BUSBAR_TEST_POSTGRES_URL")
        .ok()
        .filter(|url| !url.is_empty());
    if peer.is_none() {
        let required = std::env::var("BUSBAR_TEST_REQUIRE_PEERS").is_ok_and(|value| value == "1");
        assert!(!required, "{test}: BUSBAR_TEST_POSTGRES_URL is not set");
        println!("skipped: {test}: no PostgreSQL");
    }
    peer
}

async fn administer(peer: &str, sql: &str) {
    let (client, connection) = tokio_postgres::connect(peer, tokio_postgres::NoTls)
        .await
        .unwrap();
    tokio::spawn(connection);
    client.batch_execute(sql).await.unwrap();
}
