//! One SQLite connection: how it is opened, what it may do, and how long.

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use busbar_kernel::{Clock, Error, Kind, Result, SystemClock};
use rusqlite::config::DbConfig;
use rusqlite::functions::FunctionFlags;
use rusqlite::limits::Limit;
use rusqlite::{Connection, OpenFlags};

use super::authorizer::{self, Level};
use super::readers::Readers;
use super::{SqliteFunction, error};
use crate::settings::Synchronous;
use crate::value::timestamp_text;

/// How long a lock of another process is waited for; within this process writers never compete for a file.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// So many nanoseconds look-ups share a snapshot: nobody tells when another process has written.
const SNAPSHOT_KEPT: u64 = 20_000_000;
/// The virtual machine's steps between two looks at the time limit: some 10 microseconds.
const STEPS_PER_LOOK: i32 = 2000;
/// Beyond so many pages of 4 KB the write-ahead log is moved into the file.
const CHECKPOINT_PAGES: i64 = 4000;
/// The log is cut back to this many bytes after it was moved into the file.
const LOG_BYTES: i64 = 64 * 1024 * 1024;

/// Settings of whoever's statements run: name and value.
pub(super) type Told = Arc<[(String, String)]>;

/// What all connections of a store have in common.
pub(super) struct Manner {
    pub(super) synchronous: Synchronous,
    pub(super) functions: Vec<SqliteFunction>,
    pub(super) clock: Arc<dyn Clock>,
}

/// How much a file may keep in memory: a tenant's is one of thousands, the others are few.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Size {
    Tenant,
    Large,
}

impl Size {
    /// Kilobytes of page cache, bytes of the file mapped, statements remembered.
    fn budget(self) -> (i64, i64, usize) {
        match self {
            Self::Tenant => (1024, 32 * 1024 * 1024, 64),
            Self::Large => (16 * 1024, 1024 * 1024 * 1024, 256),
        }
    }
}

/// A connection with its time limit and its authorizer's switch.
pub(super) struct Conn {
    raw: Connection,
    limit: Arc<AtomicU64>,
    trusted: Arc<AtomicBool>,
    guest: Arc<AtomicBool>,
    told: Arc<Mutex<Option<Told>>>,
    gives_way: Arc<Mutex<Option<GivesWay>>>,
    looked_up: LookedUp,
}

/// When a connection's look-ups last began to see what they see.
#[derive(Clone, Copy)]
struct LookedUp {
    /// The file's count of writes then; odd while somebody writes.
    writes: u64,
    /// Nanoseconds of the machine's clock.
    since: u64,
}

/// Work that others need not wait for longer than this.
#[derive(Clone)]
struct GivesWay {
    /// Nanoseconds of the machine's clock.
    after: u64,
    /// How many others wait.
    waiting: Arc<AtomicUsize>,
}

impl Conn {
    /// Opens the one writing connection of a file, making the file when there is none.
    pub(super) fn writer(path: &Path, size: Size, manner: &Manner) -> Result<Self> {
        if let Some(folder) = path.parent() {
            super::lock::private_folder(folder).map_err(|error| cannot_open(path).source(error))?;
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
        let connection = Self::open(path, flags, size, manner)?;
        connection.limit_to(Duration::MAX);
        Ok(connection)
    }

    /// Opens a reading connection of a file that exists.
    pub(super) fn reader(path: &Path, size: Size, manner: &Manner) -> Result<Self> {
        let connection = Self::open(path, OpenFlags::SQLITE_OPEN_READ_WRITE, size, manner)?;
        connection.pragma("query_only", 1)?;
        Ok(connection)
    }

    fn open(path: &Path, flags: OpenFlags, size: Size, manner: &Manner) -> Result<Self> {
        let unusable = |error: rusqlite::Error| cannot_open(path).source(error);
        let flags = flags | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let raw = Connection::open_with_flags(path, flags).map_err(unusable)?;
        raw.busy_timeout(BUSY_TIMEOUT).map_err(unusable)?;
        let mut connection = Self {
            raw,
            limit: Arc::new(AtomicU64::new(u64::MAX)),
            trusted: Arc::new(AtomicBool::new(false)),
            guest: Arc::new(AtomicBool::new(false)),
            told: Arc::default(),
            gives_way: Arc::default(),
            looked_up: LookedUp {
                writes: u64::MAX,
                since: 0,
            },
        };
        connection.configure(size, manner).map_err(unusable)?;
        connection.watch().map_err(unusable)?;
        Ok(connection)
    }

    fn configure(&self, size: Size, manner: &Manner) -> rusqlite::Result<()> {
        let (cache, mapped, statements) = size.budget();
        let synchronous = match manner.synchronous {
            Synchronous::Full => "FULL",
            Synchronous::Normal => "NORMAL",
            Synchronous::Off => "OFF",
        };
        let raw = &self.raw;
        raw.pragma_update(None, "synchronous", synchronous)?;
        raw.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
        raw.pragma_update(None, "foreign_keys", true)?;
        raw.pragma_update(None, "cache_size", -cache)?;
        raw.pragma_update_and_check(None, "mmap_size", mapped, |_| Ok(()))?;
        raw.pragma_update(None, "temp_store", "MEMORY")?;
        raw.pragma_update_and_check(None, "wal_autocheckpoint", CHECKPOINT_PAGES, |_| Ok(()))?;
        raw.pragma_update_and_check(None, "journal_size_limit", LOG_BYTES, |_| Ok(()))?;
        raw.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
        raw.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
        // A misspelt "name" must be an error, not a text.
        raw.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DML, false)?;
        raw.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DDL, false)?;
        raw.set_limit(Limit::SQLITE_LIMIT_ATTACHED, 0)?;
        raw.set_prepared_statement_cache_capacity(statements);
        manner
            .functions
            .iter()
            .try_for_each(|function| function.register(raw))?;
        self.tell_triggers(manner.clock.clone())
    }

    /// What triggers may ask: `busbar_setting(name)`, as PostgreSQL's `current_setting`, and `busbar_now()`.
    fn tell_triggers(&self, clock: Arc<dyn Clock>) -> rusqlite::Result<()> {
        let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_INNOCUOUS;
        let told = self.told.clone();
        self.raw
            .create_scalar_function("busbar_setting", 1, flags, move |context| {
                let name: String = context.get(0)?;
                let told = told.lock().unwrap_or_else(PoisonError::into_inner);
                let settings = told.iter().flat_map(|settings| settings.iter());
                let mut found = settings.filter(|(known, _)| *known == name);
                Ok(found.next().map(|(_, value)| value.clone()))
            })?;
        self.raw
            .create_scalar_function("busbar_now", 0, flags, move |_| Ok(timestamp_text(clock.now())))
    }

    fn watch(&mut self) -> rusqlite::Result<()> {
        let limit = self.limit.clone();
        let gives_way = self.gives_way.clone();
        let overdue = move || {
            let now = now();
            let yields = |known: &GivesWay| now > known.after && known.waiting.load(Ordering::Relaxed) > 0;
            now > limit.load(Ordering::Relaxed)
                || gives_way
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .as_ref()
                    .is_some_and(yields)
        };
        let give_up = move || overdue() || Readers::look(&overdue);
        self.raw.progress_handler(STEPS_PER_LOOK, Some(give_up))?;
        let (trusted, guest) = (self.trusted.clone(), self.guest.clone());
        self.raw
            .authorizer(Some(move |context: rusqlite::hooks::AuthContext<'_>| {
                let level = match (trusted.load(Ordering::Relaxed), guest.load(Ordering::Relaxed)) {
                    (true, _) => Level::Store,
                    (false, false) => Level::Ours,
                    (false, true) => Level::Guest,
                };
                authorizer::decide(&context, level)
            }))
    }

    fn pragma(&self, name: &str, value: i64) -> Result<()> {
        self.trusted(|raw| raw.pragma_update(None, name, value))
    }

    /// Interrupts whatever runs once `limit` has passed, counted from now.
    pub(super) fn limit_to(&self, limit: Duration) {
        let limit = u64::try_from(limit.as_nanos()).unwrap_or(u64::MAX);
        self.limit.store(now().saturating_add(limit), Ordering::Relaxed);
    }

    /// Runs `work` for whom these settings are.
    pub(super) fn on_behalf<T>(&self, settings: &Told, work: impl FnOnce(&Self) -> T) -> T {
        if settings.is_empty() {
            return work(self);
        }
        let tell = |told| *self.told.lock().unwrap_or_else(PoisonError::into_inner) = told;
        tell(Some(settings.clone()));
        let done = work(self);
        tell(None);
        done
    }

    /// Runs `work`, interrupted once it has taken `after` and others wait.
    pub(super) fn giving_way<T>(
        &self,
        after: Duration,
        waiting: &Arc<AtomicUsize>,
        work: impl FnOnce(&Self) -> T,
    ) -> T {
        let set = |way| *self.gives_way.lock().unwrap_or_else(PoisonError::into_inner) = way;
        let after = u64::try_from(after.as_nanos()).unwrap_or(u64::MAX);
        set(Some(GivesWay {
            after: now().saturating_add(after),
            waiting: waiting.clone(),
        }));
        let done = work(self);
        set(None);
        done
    }

    /// Lifts the time limit.
    pub(super) fn unlimited(&self) {
        self.limit.store(u64::MAX, Ordering::Relaxed);
    }

    /// Whether the time limit has passed.
    pub(super) fn is_overdue(&self) -> bool {
        now() > self.limit.load(Ordering::Relaxed)
    }

    /// Runs statements of the store's own, which may do what others may not.
    pub(super) fn trusted<T>(&self, work: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T> {
        self.trusted.store(true, Ordering::Relaxed);
        let done = work(&self.raw);
        self.trusted.store(false, Ordering::Relaxed);
        done.map_err(|failure| error::map(&failure, &self.raw, ""))
    }

    /// Runs `work` with people's own rights: the stricter authorizer decides while it runs.
    pub(super) fn as_guest<T>(&self, work: impl FnOnce(&Self) -> T) -> T {
        self.guest.store(true, Ordering::Relaxed);
        let done = work(self);
        self.guest.store(false, Ordering::Relaxed);
        done
    }

    /// Runs one of the store's own statements without parameters or rows: `BEGIN IMMEDIATE`, `COMMIT` …
    pub(super) fn control(&self, sql: &str) -> Result<()> {
        self.trusted(|raw| raw.prepare_cached(sql)?.raw_execute().map(|_| ()))
    }

    /// Readies the connection for a look-up that sees all that was committed before the file's count of writes was
    /// read: in the snapshot of earlier look-ups, if nothing was written since.
    ///
    /// # Errors
    /// SQLite's own; then the connection must not be used again.
    pub(super) fn look_up(&mut self, writes: u64) -> Result<()> {
        let now = now();
        let unchanged = self.looked_up.writes == writes;
        let fresh = unchanged && now.saturating_sub(self.looked_up.since) < SNAPSHOT_KEPT;
        if fresh && !self.raw.is_autocommit() {
            return Ok(());
        }
        self.settle()?;
        // The first look-up after a write takes none: where writes are frequent, no other one would use it.
        if unchanged && writes.is_multiple_of(2) {
            self.control("BEGIN")?;
        }
        self.looked_up = LookedUp { writes, since: now };
        Ok(())
    }

    /// Whether its last look-up was made when the file's count of writes was this, and nobody wrote.
    pub(super) fn has_looked_up_at(&self, writes: u64) -> bool {
        self.looked_up.writes == writes && writes.is_multiple_of(2)
    }

    /// Rolls back whatever is open; a connection on which that fails must not be used again.
    pub(super) fn settle(&self) -> Result<()> {
        self.unlimited();
        if self.raw.is_autocommit() {
            return Ok(());
        }
        self.control("ROLLBACK")
    }

    pub(super) fn raw(&self) -> &Connection {
        &self.raw
    }

    pub(super) fn raw_mut(&mut self) -> &mut Connection {
        &mut self.raw
    }
}

/// Nanoseconds on the machine's own clock: a limit on work must pass even where a test has stopped the time.
fn now() -> u64 {
    u64::try_from(SystemClock.monotonic().as_nanos()).unwrap_or(u64::MAX)
}

fn cannot_open(path: &Path) -> Error {
    Error::new(
        Kind::Unavailable,
        "store.unavailable",
        "The database cannot be opened",
    )
    .wire_code("58030")
    .with("file", path.display().to_string())
}
