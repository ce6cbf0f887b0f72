//! What must hold for the statements of any request; the fuzzer and the replay of its corpus share it.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::sync::Arc;

use busbar_data::{
    Caller, DataStore, Method, RecordHeaders, RecordOptions, RecordRequest, Rendering, Role, sqlite_functions,
};
use busbar_kernel::SystemClock;
use busbar_store::{Db, Dialect, Scope, Session, Step, Store, StoreSettings};
use bytes::Bytes;
use sqlparser::ast::visit_relations;
use sqlparser::dialect::{PostgreSqlDialect, SQLiteDialect};
use sqlparser::parser::Parser;

/// Tables, each with its DDL and the words of a request that can mean it.
const TABLES: [(&str, &str, &[&str]); 9] = [
    (
        "clients",
        "CREATE TABLE clients (id integer PRIMARY KEY, name text, deal numeric)",
        &["client"],
    ),
    (
        "projects",
        "CREATE TABLE projects (id integer PRIMARY KEY, name text NOT NULL, paid boolean, client_id integer, \
         CONSTRAINT \"projects_client\" FOREIGN KEY (client_id) REFERENCES clients (id))",
        &["project"],
    ),
    (
        "tasks",
        "CREATE TABLE tasks (id integer PRIMARY KEY, title text, hours integer, at timestamptz, j jsonb, \
         project_id integer, CONSTRAINT \"tasks_project\" FOREIGN KEY (project_id) REFERENCES projects (id))",
        &["tasks"],
    ),
    (
        "plans",
        "CREATE TABLE plans (id integer PRIMARY KEY, text text, project_id integer UNIQUE, \
         CONSTRAINT \"plans_project\" FOREIGN KEY (project_id) REFERENCES projects (id))",
        &["plans"],
    ),
    (
        "people",
        "CREATE TABLE people (id uuid PRIMARY KEY, name text)",
        &[
            "people",
            "person_id",
            "work_person",
            "from_id",
            "to_id",
            "messages_",
        ],
    ),
    (
        "work",
        "CREATE TABLE work (project_id integer, person_id uuid, job text, \
         CONSTRAINT \"work_project\" FOREIGN KEY (project_id) REFERENCES projects (id), \
         CONSTRAINT \"work_person\" FOREIGN KEY (person_id) REFERENCES people (id), \
         PRIMARY KEY (project_id, person_id))",
        // Also the junction of the two.
        &["work", "people", "projects"],
    ),
    (
        "messages",
        "CREATE TABLE messages (id integer PRIMARY KEY, text text, from_id uuid, to_id uuid, \
         CONSTRAINT \"messages_from\" FOREIGN KEY (from_id) REFERENCES people (id), \
         CONSTRAINT \"messages_to\" FOREIGN KEY (to_id) REFERENCES people (id))",
        &["messages"],
    ),
    (
        "folders",
        "CREATE TABLE folders (id integer PRIMARY KEY, \"na me\" text, parent_id integer, \
         CONSTRAINT \"folders_parent\" FOREIGN KEY (parent_id) REFERENCES folders (id))",
        &["folders", "parent_id"],
    ),
    (
        "vault",
        "CREATE TABLE vault (id integer PRIMARY KEY, secret text)",
        &["vault"],
    ),
];

/// The methods, by the first letter of an input.
pub(crate) const METHODS: [(&str, Method); 5] = [
    ("GET", Method::Get),
    ("POST", Method::Post),
    ("PATCH", Method::Patch),
    ("DELETE", Method::Delete),
    ("PUT", Method::Put),
];

/// Names in a `FROM` that are functions of the database, not tables.
const FUNCTIONS: [&str; 4] = ["json_each", "json_to_record", "json_to_recordset", "unnest"];

/// How the column of every key is written where it names an embed: with its list, or with a hint before it.
const KEY_AS_EMBED: [&str; 2] = ["id(", "id!"];

/// So deep may what is parsed be: functions, subqueries and brackets of 16 embeds inside each other.
const DEEPEST: usize = 600;

/// A database of these tables, which nothing is written to.
pub(crate) struct Bench {
    runtime: tokio::runtime::Runtime,
    data: DataStore,
    db: Db,
    _store: Store,
    _folder: tempfile::TempDir,
}

impl Bench {
    pub(crate) fn new() -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let folder = tempfile::tempdir().unwrap();
        let mut settings = StoreSettings::sqlite(folder.path());
        settings.sqlite_functions = sqlite_functions();
        let (store, db, data) = runtime.block_on(async {
            let clock = Arc::new(SystemClock);
            let store = Store::open(settings, clock.clone()).await.unwrap();
            let db = store.scope(Scope::Data).await.unwrap();
            DataStore::open(&store, clock.clone()).await.unwrap();
            for (name, sql, _) in TABLES {
                db.execute(sql, Vec::new()).await.unwrap();
                if ["tasks", "people"].contains(&name) {
                    let secure = "INSERT INTO system.row_security (table_name) VALUES ($1)";
                    db.execute(secure, vec![name.to_owned().into()]).await.unwrap();
                }
            }
            let data = DataStore::open(&store, clock).await.unwrap();
            (store, db, data)
        });
        Self {
            runtime,
            data,
            db,
            _store: store,
            _folder: folder,
        }
    }

    /// Checks one input: three letters for method, table and options, then a query string. The answer says whether
    /// the request was accepted by both renderers.
    ///
    /// # Panics
    /// When a rule does not hold.
    pub(crate) fn check(&self, input: &[u8]) -> bool {
        let [method, table, options, query @ ..] = input else {
            return false;
        };
        let Ok(query) = std::str::from_utf8(query) else {
            return false;
        };
        let (_, method) = METHODS[usize::from(*method) % METHODS.len()];
        let (table, ..) = TABLES[usize::from(*table) % TABLES.len()];
        let role = [Role::Anon, Role::Authenticated, Role::ProjectAdmin][usize::from(options % 3)];
        let request = RecordRequest {
            method,
            table,
            query,
            headers: RecordHeaders {
                accept: if options & 4 == 0 {
                    ""
                } else {
                    "application/vnd.pgrst.array+json;nulls=stripped"
                },
                ..RecordHeaders::default()
            },
            body: Bytes::new(),
        };
        let options = RecordOptions {
            most_rows: (options & 8 != 0).then_some(7),
            aggregates: options & 16 == 0,
            ..RecordOptions::default()
        };
        let caller = Caller::new(role, Default::default());
        // A look at the catalogue may start a task.
        let _inside = self.runtime.enter();
        let accepted = [Dialect::Sqlite, Dialect::Postgres].map(|dialect| {
            let catalogue = self.data.schema.library.current();
            let rendering = Rendering {
                dialect,
                catalogue: &catalogue,
                clock: &SystemClock,
                caller: &caller,
                options: options.clone(),
            };
            match rendering.statements(&request) {
                Ok(statements) => {
                    for statement in statements {
                        touches_what_is_named(dialect, &statement.sql, table, query);
                        if dialect == Dialect::Sqlite {
                            self.explained(&statement.sql, statement.params, query);
                        }
                    }
                    true
                }
                Err(error) => {
                    let code = error.wire_code_str();
                    assert!(code.is_some(), "{query}: {}", error.operator_line());
                    false
                }
            }
        });
        accepted == [true, true]
    }

    /// SQLite itself takes the statement.
    fn explained(&self, sql: &str, params: busbar_store::Params, query: &str) {
        let session = Session {
            read_only: true,
            ..Session::owner()
        };
        let step = Step::new(format!("EXPLAIN {sql}"), params);
        let done = self.runtime.block_on(self.db.batch_as(&session, vec![step]));
        if let Err(error) = done {
            let code = error.wire_code_str().unwrap_or_default().to_owned();
            // What only the rows could tell, and what SQLite bounds.
            assert!(
                code.starts_with("54"),
                "{query}: {}\n{sql}",
                error.operator_line()
            );
        }
    }
}

/// The SQL is one statement, and every table in it is the request's own or one that a word of the request means.
fn touches_what_is_named(dialect: Dialect, sql: &str, table: &str, query: &str) {
    let language: &dyn sqlparser::dialect::Dialect = match dialect {
        Dialect::Sqlite => &SQLiteDialect {},
        Dialect::Postgres => &PostgreSqlDialect {},
    };
    // The parser knows `MATERIALIZED` of PostgreSQL alone; SQLite, which takes it too, is asked itself.
    // Nor does it know a row of no columns outside of a `FROM`, which PostgreSQL has.
    let plain = sql
        .replacen(" AS MATERIALIZED (", " AS (", 1)
        .replace("(SELECT )", "(SELECT 1)");
    let parsed = Parser::new(language)
        .with_recursion_limit(DEEPEST)
        .try_with_sql(&plain)
        .and_then(|mut parser| parser.parse_statements());
    let parsed = parsed.unwrap_or_else(|error| panic!("{query}: {error} in {dialect:?}\n{sql}"));
    assert_eq!(parsed.len(), 1, "{query}: {sql}");
    let mut touched = BTreeSet::new();
    let _ = visit_relations(&parsed, |name| {
        touched.insert(name.to_string().replace('"', ""));
        ControlFlow::<()>::Continue(())
    });
    let words = decoded(query);
    for name in touched {
        let name = name.trim_start_matches("main.").trim_start_matches("public.");
        if name == table || name.starts_with('_') || FUNCTIONS.contains(&name) {
            continue;
        }
        let known = TABLES.iter().find(|(known, ..)| *known == name);
        let Some((_, made, meaning)) = known else {
            panic!("{query}: {name} is no table of the catalogue\n{sql}");
        };
        // A key's column names what refers to it, as a column that refers names what it refers to.
        let by_key = made.contains("REFERENCES") && KEY_AS_EMBED.iter().any(|word| words.contains(word));
        assert!(
            by_key || meaning.iter().any(|word| words.contains(word)),
            "{query} on {table} touches {name}\n{sql}"
        );
    }
}

/// The statements that make the tables.
pub(crate) fn create() -> impl Iterator<Item = &'static str> {
    TABLES.iter().map(|(_, sql, _)| *sql)
}

/// The input that a line of the corpus stands for: `METHOD table options query`.
pub(crate) fn input(line: &str) -> Vec<u8> {
    let mut words = line.splitn(4, ' ');
    let mut word = || words.next().unwrap_or_default();
    let (method, table, options, query) = (word(), word(), word(), word());
    let method = METHODS.iter().position(|(name, _)| *name == method).unwrap();
    let table = TABLES.iter().position(|(name, ..)| *name == table).unwrap();
    // Which role, and four switches, in one byte: see `check`.
    let number: u8 = options.parse().unwrap();
    let (role, bits) = (number / 8, number % 8 * 4);
    let options = (0..96)
        .find(|byte| byte % 3 == role && byte & 28 == bits)
        .unwrap();
    let mut input = vec![
        u8::try_from(method).unwrap(),
        u8::try_from(table).unwrap(),
        options,
    ];
    input.extend_from_slice(unescaped(query).as_bytes());
    input
}

/// `\\n`, `\\xNN`, `\\uNNNN` and `\\UNNNNNNNN`, as the corpus writes what is no plain character.
fn unescaped(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        if c != '\\' {
            plain.push(c);
            continue;
        }
        let digits = match rest.next() {
            Some('n') => {
                plain.push('\n');
                continue;
            }
            Some('r') => {
                plain.push('\r');
                continue;
            }
            Some('t') => {
                plain.push('\t');
                continue;
            }
            Some('x') => 2,
            Some('u') => 4,
            Some('U') => 8,
            other => {
                plain.extend(other);
                continue;
            }
        };
        let number: String = rest.by_ref().take(digits).collect();
        plain.extend(u32::from_str_radix(&number, 16).ok().and_then(char::from_u32));
    }
    plain
}

/// The query string with its escapes resolved.
fn decoded(query: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = query.as_bytes();
    while let [first, after @ ..] = rest {
        let escaped = query_byte(rest);
        bytes.push(escaped.unwrap_or(*first));
        rest = if escaped.is_some() { &after[2..] } else { after };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn query_byte(rest: &[u8]) -> Option<u8> {
    match rest {
        [b'%', high, low, ..] => {
            let digit = |byte: u8| char::from(byte).to_digit(16);
            u8::try_from(digit(*high)? * 16 + digit(*low)?).ok()
        }
        _ => None,
    }
}
