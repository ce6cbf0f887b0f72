//! A data store per test and database, and a short way to ask it.

use std::future::Future;
use std::sync::Arc;

use busbar_data::{
    Caller, DataStore, Method, Profile, RecordBody, RecordHeaders, RecordOptions, RecordRequest, Role,
    postgrest_error, sqlite_functions,
};
use busbar_kernel::{SystemClock, random};
use busbar_schema::{ColumnType, NewColumn, NewPolicy, NewTable};
use busbar_store::{Db, Dialect, Scope, Store, StoreSettings};
use bytes::Bytes;
use futures_util::StreamExt;
use serde_json::{Value, json};

/// A data store of its own.
pub(crate) struct Bed {
    pub(crate) data: DataStore,
    pub(crate) db: Db,
    store: Store,
    _folder: tempfile::TempDir,
}

/// What came back.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Said {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) text: String,
}

impl Said {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or(Value::Null)
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    pub(crate) fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }
}

/// A request with every part changeable.
#[derive(Clone)]
pub(crate) struct Ask<'a> {
    pub(crate) method: Method,
    pub(crate) table: &'a str,
    pub(crate) query: &'a str,
    pub(crate) headers: RecordHeaders<'a>,
    pub(crate) body: String,
    pub(crate) caller: Caller,
    pub(crate) profile: Profile,
    pub(crate) options: RecordOptions,
    /// Whether `table` is a function.
    pub(crate) calls: bool,
}

impl<'a> Ask<'a> {
    /// The administrator, in PostgREST's profile. `path` is `table?query`.
    pub(crate) fn new(method: Method, path: &'a str) -> Self {
        let (table, query) = path.split_once('?').unwrap_or((path, ""));
        Self {
            method,
            table,
            query,
            headers: RecordHeaders::default(),
            body: String::new(),
            caller: Caller::project_admin(),
            profile: Profile::Postgrest,
            options: RecordOptions::default(),
            calls: false,
        }
    }

    pub(crate) fn get(path: &'a str) -> Self {
        Self::new(Method::Get, path)
    }

    pub(crate) fn post(path: &'a str, body: impl ToString) -> Self {
        Self::new(Method::Post, path).body(body)
    }

    pub(crate) fn patch(path: &'a str, body: impl ToString) -> Self {
        Self::new(Method::Patch, path).body(body)
    }

    pub(crate) fn body(mut self, body: impl ToString) -> Self {
        self.body = body.to_string();
        self
    }

    pub(crate) fn prefer(mut self, prefer: &'a str) -> Self {
        self.headers.prefer = prefer;
        self
    }

    pub(crate) fn accept(mut self, accept: &'a str) -> Self {
        self.headers.accept = accept;
        self
    }

    pub(crate) fn content_type(mut self, content_type: &'a str) -> Self {
        self.headers.content_type = Some(content_type);
        self
    }

    pub(crate) fn caller(mut self, caller: Caller) -> Self {
        self.caller = caller;
        self
    }

    /// Calls a function with a body.
    pub(crate) fn call(path: &'a str, body: impl ToString) -> Self {
        Self {
            calls: true,
            ..Self::post(path, body)
        }
    }

    /// Calls a function with parameters.
    pub(crate) fn call_get(path: &'a str) -> Self {
        Self {
            calls: true,
            ..Self::get(path)
        }
    }

    pub(crate) fn options(mut self, options: RecordOptions) -> Self {
        self.options = options;
        self
    }

    pub(crate) fn insforge(mut self) -> Self {
        self.profile = Profile::Insforge;
        self
    }
}

impl Bed {
    pub(crate) async fn ask(&self, ask: Ask<'_>) -> Said {
        self.pieces(ask).await.0
    }

    /// The answer, and whether its body came in one piece.
    pub(crate) async fn pieces(&self, ask: Ask<'_>) -> (Said, bool) {
        let request = RecordRequest {
            method: ask.method,
            table: ask.table,
            query: ask.query,
            headers: ask.headers,
            body: Bytes::from(ask.body),
        };
        let records = self.data.records.clone().with_options(ask.options);
        let answered = if ask.calls {
            records.call(ask.profile, &request, &ask.caller).await
        } else {
            records.answer(ask.profile, &request, &ask.caller).await
        };
        match answered {
            Ok(answer) => {
                let whole = !matches!(answer.body, RecordBody::Stream(_));
                let text = match answer.body {
                    RecordBody::Empty => String::new(),
                    RecordBody::Whole(bytes) => String::from_utf8(bytes.to_vec()).unwrap(),
                    RecordBody::Stream(mut pieces) => {
                        let mut text = Vec::new();
                        while let Some(piece) = pieces.next().await {
                            text.extend_from_slice(&piece.unwrap());
                        }
                        String::from_utf8(text).unwrap()
                    }
                };
                let headers = answer
                    .headers
                    .into_iter()
                    .map(|(name, value)| (name.to_owned(), value));
                let said = Said {
                    status: answer.status,
                    headers: headers.chain(answer.further).collect(),
                    text,
                };
                (said, whole)
            }
            Err(error) => {
                let (status, body) = postgrest_error(&error, ask.caller.role);
                assert!(
                    status < 500,
                    "{} {}: {}",
                    ask.table,
                    ask.query,
                    error.operator_line()
                );
                let said = Said {
                    status,
                    headers: Vec::new(),
                    text: body.to_string(),
                };
                (said, true)
            }
        }
    }

    /// The status and code of a request that may fail by a fault of the database's.
    pub(crate) async fn refused(&self, ask: Ask<'_>) -> (u16, String) {
        let request = RecordRequest {
            method: ask.method,
            table: ask.table,
            query: ask.query,
            headers: ask.headers,
            body: Bytes::from(ask.body),
        };
        let records = self.data.records.clone().with_options(ask.options);
        let called = records.call(ask.profile, &request, &ask.caller).await;
        let (status, body) = postgrest_error(&called.unwrap_err(), ask.caller.role);
        (status, body["code"].as_str().unwrap_or_default().to_owned())
    }

    /// The status of a write that may be refused by a fault of the database's.
    pub(crate) async fn status(&self, ask: Ask<'_>) -> u16 {
        let request = RecordRequest {
            method: ask.method,
            table: ask.table,
            query: ask.query,
            headers: ask.headers,
            body: Bytes::from(ask.body),
        };
        let answered = self.data.records.answer(ask.profile, &request, &ask.caller).await;
        answered.map_or_else(
            |error| postgrest_error(&error, ask.caller.role).0,
            |answer| answer.status,
        )
    }

    /// The answer's body to a read.
    pub(crate) async fn rows(&self, path: &str) -> Value {
        let said = self.ask(Ask::get(path)).await;
        assert!(said.status < 300, "{path}: {said:?}");
        said.json()
    }

    /// Runs a statement as the owner; the catalogue notices at the next request for what it does not know.
    pub(crate) async fn sql(&self, sql: &str) {
        self.db.execute(sql, Vec::new()).await.unwrap();
    }

    /// Creates a table of these columns: `name type`, `!` for not null, `*` for unique; no row security.
    pub(crate) async fn table(&self, name: &str, columns: &[&str]) {
        self.secured_table(name, columns, false).await;
    }

    pub(crate) async fn secured_table(&self, name: &str, columns: &[&str], row_security: bool) {
        let table = NewTable {
            name: name.to_owned(),
            columns: columns.iter().map(|column| new_column(column)).collect(),
            foreign_keys: Vec::new(),
            row_security,
        };
        self.data.tables.create(&table).await.unwrap();
    }

    /// Switches row security on for a table made by [`Bed::sql`]; a policy made next makes the catalogue notice.
    pub(crate) async fn secure(&self, table: &str) {
        match self.db.dialect() {
            Dialect::Sqlite => {
                let sql = "INSERT INTO system.row_security (table_name) VALUES ($1)";
                self.db.execute(sql, vec![table.to_owned().into()]).await.unwrap();
            }
            Dialect::Postgres => {
                self.sql(&format!("ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"))
                    .await
            }
        }
    }

    /// Creates a permissive policy for everybody.
    pub(crate) async fn policy(&self, table: &str, name: &str, command: &str, using: &str, check: &str) {
        let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let policy = NewPolicy {
            table: table.to_owned(),
            name: name.to_owned(),
            command: command.to_owned(),
            permissive: true,
            roles: Vec::new(),
            using: text(using),
            check: text(check),
        };
        self.data.policies.create(&policy).await.unwrap();
    }
}

/// `name type` with `!` for not null and `*` for unique.
pub(crate) fn new_column(text: &str) -> NewColumn {
    let (name, kind) = text.split_once(' ').unwrap();
    let word = kind.trim_end_matches(['!', '*']);
    NewColumn {
        name: name.to_owned(),
        kind: ColumnType::from_api_word(word).unwrap_or_else(|| ColumnType::of(word)),
        nullable: !kind.contains('!'),
        unique: kind.contains('*'),
        default: None,
    }
}

/// A signed-in person.
pub(crate) fn person(number: u32) -> Caller {
    let claims =
        json!({"sub": subject(number), "email": format!("p{number}@example.org"), "app": {"plan": "pro"}});
    Caller::new(Role::Authenticated, claims.as_object().unwrap().clone())
}

/// The UUID of a person.
pub(crate) fn subject(number: u32) -> String {
    format!("00000000-0000-4000-8000-{number:012}")
}

/// Runs a test on SQLite, and on PostgreSQL where there is one.
pub(crate) async fn on_both<F: Future<Output = ()>>(test: &str, run: impl Fn(Arc<Bed>) -> F) {
    let folder = tempfile::tempdir().unwrap();
    let mut settings = StoreSettings::sqlite(folder.path());
    settings.sqlite_functions = sqlite_functions();
    run_on(settings, folder, &run).await;
    let Some(peer) = peer(test) else { return };
    let database = format!("data_{}", random::hex(8));
    administer(
        &peer,
        &format!("CREATE DATABASE {database} TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'"),
    )
    .await;
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
    let data = DataStore::open(&store, clock).await.unwrap();
    let db = store.scope(Scope::Data).await.unwrap().looking_in("public");
    let bed = Arc::new(Bed {
        data,
        db,
        store,
        _folder: folder,
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
