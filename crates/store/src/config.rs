//! The store's variables: names, defaults, help and what production demands.

use std::path::PathBuf;

use busbar_kernel::Secret;
use busbar_kernel::variables::{Entry, Rule, Variable};

/// Where PostgreSQL is; without it everything lives in SQLite files.
pub static DATABASE_URL: Variable<Option<Secret>> = Variable::new(
    "DATABASE_URL",
    "database",
    "PostgreSQL's address, postgres://user:password@host:port/database; without it SQLite files in DATA_DIR",
)
.aliases(&["DB_URL", "POSTGRES_URL"])
.secret()
.check(postgres_address)
.turns_on("database");

/// PostgreSQL's host, in place of an address.
pub static POSTGRES_HOST: Variable<Option<String>> = Variable::new(
    "POSTGRES_HOST",
    "database",
    "PostgreSQL's host, in place of DATABASE_URL",
)
.aliases(&["DB_HOST", "PGHOST"])
.turns_on("database");

/// PostgreSQL's port, beside [`POSTGRES_HOST`].
pub static POSTGRES_PORT: Variable<u16> = Variable::new(
    "POSTGRES_PORT",
    "database",
    "PostgreSQL's port, beside POSTGRES_HOST",
)
.aliases(&["DB_PORT", "PGPORT"])
.default("5432");

/// The owner's name, beside [`POSTGRES_HOST`].
pub static POSTGRES_USER: Variable<String> = Variable::new(
    "POSTGRES_USER",
    "database",
    "The owner's name, beside POSTGRES_HOST",
)
.aliases(&["DB_USER", "PGUSER"])
.default("postgres");

/// The owner's password, beside [`POSTGRES_HOST`].
pub static POSTGRES_PASSWORD: Variable<Option<Secret>> = Variable::new(
    "POSTGRES_PASSWORD",
    "database",
    "The owner's password, beside POSTGRES_HOST",
)
.aliases(&["DB_PASSWORD", "PGPASSWORD"])
.secret()
.production(&[Rule::NotWeak]);

/// The database's name, beside [`POSTGRES_HOST`].
pub static POSTGRES_DB: Variable<String> = Variable::new(
    "POSTGRES_DB",
    "database",
    "The database's name, beside POSTGRES_HOST",
)
.aliases(&["DB_DATABASE", "PGDATABASE"])
.default("busbar");

/// TLS to PostgreSQL.
pub static DB_SSL: Variable<Option<String>> = Variable::new(
    "DB_SSL",
    "database",
    "TLS to PostgreSQL: true (or verify-full), require (encrypted, not verified), prefer, false; \
     in production true unless set",
)
.aliases(&["DATABASE_SSL", "PGSSLMODE"])
.check(tls_word);

/// A file of further authorities, in PEM.
pub static DB_SSL_CA: Variable<Option<PathBuf>> = Variable::new(
    "DB_SSL_CA",
    "database",
    "A PEM file of the authority that signed PostgreSQL's certificate, beside the system's own",
)
.aliases(&["PGSSLROOTCERT"]);

/// The request login's address, where an administrator made it.
pub static DB_REQUEST_URL: Variable<Option<Secret>> = Variable::new(
    "DB_REQUEST_URL",
    "database",
    "Address of the login that runs requests (no superuser, no owner, NOINHERIT, member of anon, authenticated \
     and project_admin only); without it Busbar makes and keeps one",
)
.secret()
.check(postgres_address);

/// Whether a transaction pooler stands between.
pub static DB_POOLER: Variable<bool> = Variable::new(
    "DB_POOLER",
    "database",
    "A transaction pooler (PgBouncer) stands before PostgreSQL: no statement outlives its transaction",
)
.default("false");

/// The fewest connections kept open.
pub static DB_POOL_MIN: Variable<usize> = Variable::new(
    "DB_POOL_MIN",
    "database",
    "The fewest connections each of the two pools keeps open",
)
.default("5");

/// The most connections.
pub static DB_POOL_MAX: Variable<usize> = Variable::new(
    "DB_POOL_MAX",
    "database",
    "The most connections of each of the two pools",
)
.default("20")
.check(above_zero);

/// How long a caller waits for a connection.
pub static DB_POOL_ACQUIRE_TIMEOUT_MS: Variable<u64> = Variable::new(
    "DB_POOL_ACQUIRE_TIMEOUT_MS",
    "database",
    "How long a caller waits for a free connection, in milliseconds",
)
.aliases(&["DB_POOL_CONNECTION_TIMEOUT"])
.default("60000")
.check(above_zero);

/// How long a connection may idle.
pub static DB_POOL_IDLE_TIMEOUT_MS: Variable<u64> = Variable::new(
    "DB_POOL_IDLE_TIMEOUT_MS",
    "database",
    "How long a connection above the fewest may idle before it is closed, in milliseconds",
)
.aliases(&["DB_POOL_IDLE_TIMEOUT"])
.default("10000")
.check(above_zero);

/// How long opening a connection may take.
pub static DB_CONNECT_TIMEOUT_MS: Variable<u64> = Variable::new(
    "DB_CONNECT_TIMEOUT_MS",
    "database",
    "How long opening one connection may take, in milliseconds",
)
.default("5000")
.check(above_zero);

/// Long reads at once.
pub static DB_LONG_READS: Variable<usize> = Variable::new(
    "DB_LONG_READS",
    "database",
    "So many long reads of requests run at once on PostgreSQL, the others wait for their turn; \
     0 is one fewer than this machine has processors, at least 1",
)
.default("0");

/// How long a statement of Busbar's own may take.
pub static DB_STATEMENT_TIMEOUT_MS: Variable<u64> = Variable::new(
    "DB_STATEMENT_TIMEOUT_MS",
    "database",
    "How long one statement or batch may take, in milliseconds; requests bring limits of their own",
)
.default("30000")
.check(above_zero);

/// The folder of everything embedded.
pub static DATA_DIR: Variable<PathBuf> = Variable::new(
    "DATA_DIR",
    "database",
    "The folder of everything embedded; SQLite's files are in its folder sql",
)
.default("./data");

/// How SQLite syncs.
pub static SQLITE_SYNCHRONOUS: Variable<String> = Variable::new(
    "SQLITE_SYNCHRONOUS",
    "database",
    "FULL: an answered write survives power loss; NORMAL or OFF, outside of production, do not promise that",
)
.default("FULL")
.check(synchronous_word)
.production(&[Rule::MustBe("FULL")]);

/// Threads that read.
pub static SQLITE_READERS: Variable<usize> = Variable::new(
    "SQLITE_READERS",
    "database",
    "Threads that run SQLite reads; 0 is one per core, at least 2",
)
.default("0");

/// Threads that write.
pub static SQLITE_WRITERS: Variable<usize> = Variable::new(
    "SQLITE_WRITERS",
    "database",
    "Threads that run SQLite writes, shared by all files; each file stays with one of them",
)
.default("2")
.check(above_zero);

/// Open files.
pub static SQLITE_OPEN_FILES: Variable<usize> = Variable::new(
    "SQLITE_OPEN_FILES",
    "database",
    "The most SQLite files open at once; the least recently used is closed first",
)
.default("256")
.check(above_zero);

/// Writes that may wait.
pub static SQLITE_WRITE_QUEUE: Variable<usize> = Variable::new(
    "SQLITE_WRITE_QUEUE",
    "database",
    "Writes that may wait for one writer thread; beyond it the answer is 503 store.overloaded",
)
.default("8192")
.check(above_zero);

/// Every variable of the store.
pub static VARIABLES: &[&Entry] = &[
    DATABASE_URL.entry(),
    POSTGRES_HOST.entry(),
    POSTGRES_PORT.entry(),
    POSTGRES_USER.entry(),
    POSTGRES_PASSWORD.entry(),
    POSTGRES_DB.entry(),
    DB_SSL.entry(),
    DB_SSL_CA.entry(),
    DB_REQUEST_URL.entry(),
    DB_POOLER.entry(),
    DB_POOL_MIN.entry(),
    DB_POOL_MAX.entry(),
    DB_POOL_ACQUIRE_TIMEOUT_MS.entry(),
    DB_POOL_IDLE_TIMEOUT_MS.entry(),
    DB_CONNECT_TIMEOUT_MS.entry(),
    DB_LONG_READS.entry(),
    DB_STATEMENT_TIMEOUT_MS.entry(),
    DATA_DIR.entry(),
    SQLITE_SYNCHRONOUS.entry(),
    SQLITE_READERS.entry(),
    SQLITE_WRITERS.entry(),
    SQLITE_OPEN_FILES.entry(),
    SQLITE_WRITE_QUEUE.entry(),
];

fn postgres_address(address: &str) -> Result<(), String> {
    let scheme = address.split_once("://").map(|(scheme, _)| scheme);
    match scheme.map(|scheme| scheme.split('+').next().unwrap_or_default()) {
        _ if address.is_empty() => Ok(()),
        Some("postgres" | "postgresql") => Ok(()),
        _ => Err("must be a PostgreSQL address: postgres://user:password@host:port/database".to_owned()),
    }
}

fn above_zero(number: &str) -> Result<(), String> {
    match number.trim() {
        "0" => Err("must be above zero".to_owned()),
        _ => Ok(()),
    }
}

fn synchronous_word(word: &str) -> Result<(), String> {
    match word.to_ascii_uppercase().as_str() {
        "FULL" | "NORMAL" | "OFF" => Ok(()),
        _ => Err("must be FULL, NORMAL or OFF".to_owned()),
    }
}

fn tls_word(word: &str) -> Result<(), String> {
    crate::settings::Tls::parse(word)
        .map(|_| ())
        .ok_or_else(|| "must be true, false, disable, prefer, require, verify-ca or verify-full".to_owned())
}
