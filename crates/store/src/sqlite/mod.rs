//! The embedded database: SQLite files, a few writer threads that commit in groups, a pool of readers.

mod authorizer;
mod backup;
mod bind;
mod connection;
mod constraint;
mod error;
mod file;
mod files;
mod function;
mod group;
mod json;
mod lock;
mod migrate;
mod raw;
mod raw_stream;
mod readers;
mod reference;
mod statement;
mod system_state;
mod transaction;
mod turns;
mod writer;

use std::collections::HashMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use busbar_kernel::{Clock, Error, Kind, Result};
use futures_util::future::BoxFuture;
use tokio::sync::oneshot;

pub use function::{SqliteFunction, ValueRef};
pub(crate) use transaction::OpenTx;

use crate::json::{JsonQuery, JsonRows};
use crate::scope::Scope;
use crate::settings::{SqliteSettings, StoreSettings};
use crate::sql::{Ready, Resolver, Target};
use crate::transaction::{TRANSACTION_LIMIT, Tx};
use crate::{Beside, Dialect, MigrationSet, Params, RawAnswer, RawScript, Session, Sql, Step, StepRows};
use connection::{Conn, Manner, Size};
use file::OpenFile;
use files::{Files, Slot};
use json::ReadyJson;
use readers::Readers;
use transaction::Mode;
use writer::{Batch, Writer};

/// All of the embedded database.
pub(crate) struct Engine {
    settings: SqliteSettings,
    files: Arc<Files>,
    slots: Mutex<HashMap<Scope, Arc<Slot>>>,
    next_writer: AtomicUsize,
    writers: Vec<Writer>,
    readers: Readers,
    resolver: Arc<Resolver>,
    folder: Mutex<Option<lock::FolderLock>>,
    closed: AtomicBool,
}

/// The file of one scope.
#[derive(Clone)]
pub(crate) struct Handle {
    engine: Arc<Engine>,
    slot: Arc<Slot>,
}

impl Engine {
    /// Takes the folder and starts the threads; must be called within a tokio runtime.
    pub(crate) fn open(settings: &StoreSettings, clock: Arc<dyn Clock>) -> Result<Arc<Self>> {
        let runtime = tokio::runtime::Handle::current();
        let sqlite = settings.sqlite.clone();
        let folder = lock::FolderLock::take(&sqlite.data_dir)?;
        let manner = Manner {
            synchronous: sqlite.synchronous,
            functions: settings.sqlite_functions.clone(),
            clock,
        };
        let readers = match sqlite.readers {
            0 => std::thread::available_parallelism().map_or(2, |cores| cores.get().max(2)),
            set => set,
        };
        let writers = (0..sqlite.writers.max(1)).map(|_| Writer::start(sqlite.write_queue, runtime.clone()));
        Ok(Arc::new(Self {
            files: Arc::new(Files::new(manner, sqlite.open_files)),
            slots: Mutex::default(),
            next_writer: AtomicUsize::new(0),
            writers: writers.collect::<Result<_>>()?,
            readers: Readers::start(readers, runtime)?,
            resolver: Arc::new(Resolver::new(Target {
                dialect: Dialect::Sqlite,
                schemas: false,
            })),
            folder: Mutex::new(Some(folder)),
            closed: AtomicBool::new(false),
            settings: sqlite,
        }))
    }

    /// The scope's file, made when there is none.
    pub(crate) async fn scope(self: &Arc<Self>, scope: &Scope) -> Result<Handle> {
        if let Some(slot) = file::lock(&self.slots).get(scope).cloned() {
            return Ok(Handle {
                engine: self.clone(),
                slot,
            });
        }
        let size = match scope {
            Scope::Tenant { .. } => Size::Tenant,
            _ => Size::Large,
        };
        let path = self.settings.data_dir.join("sql").join(scope.file());
        let exists = path.exists();
        let slot = file::lock(&self.slots)
            .entry(scope.clone())
            .or_insert_with(|| {
                let writer = self.next_writer.fetch_add(1, Ordering::Relaxed) % self.writers.len();
                Files::slot(path, size, writer)
            })
            .clone();
        let handle = Handle {
            engine: self.clone(),
            slot,
        };
        if !exists {
            handle
                .alone(|connection| (connection.settle().is_ok().then_some(connection), Ok(())))
                .await?;
        }
        Ok(handle)
    }

    /// Finishes what is queued, closes the files and gives the folder up.
    pub(crate) async fn close(&self) {
        self.closed.store(true, Ordering::SeqCst);
        for writer in &self.writers {
            writer.drain().await;
        }
        self.readers.close();
        let files = self.files.clone();
        let _ = tokio::task::spawn_blocking(move || files.close_all()).await;
        file::lock(&self.folder).take();
    }

    pub(crate) fn describe(&self) -> String {
        format!("SQLite in {}", self.settings.data_dir.display())
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        self.readers.close();
    }
}

impl Handle {
    fn writer(&self) -> &Writer {
        &self.engine.writers[self.slot.writer]
    }

    fn ready(&self, sql: &str, params: Params) -> Result<Ready> {
        let text = self.engine.resolver.statement(sql)?;
        Ok(Ready { text, params })
    }

    async fn file(&self) -> Result<Arc<OpenFile>> {
        if self.engine.closed.load(Ordering::SeqCst) {
            return Err(closed());
        }
        self.engine.files.open(&self.slot).await
    }

    /// Runs `work` on a reading thread.
    async fn read<R: Send + 'static>(
        &self,
        work: impl FnOnce(Conn) -> (Option<Conn>, Result<R>) + Send + 'static,
    ) -> Result<R> {
        let file = self.file().await?;
        let (reply, answer) = oneshot::channel();
        self.engine.readers.submit(move |_| {
            if reply.is_closed() {
                return;
            }
            let done = file.reader().and_then(|connection| {
                let (connection, done) = work(connection);
                connection
                    .into_iter()
                    .for_each(|connection| file.give_back(connection));
                done
            });
            let _ = reply.send(done);
        })?;
        answer.await.map_err(|_| lost())?
    }

    /// Runs `work` on the writer thread, in no group.
    async fn alone<R: Send + 'static>(
        &self,
        work: impl FnOnce(Conn) -> (Option<Conn>, Result<R>) + Send + 'static,
    ) -> Result<R> {
        let file = self.file().await?;
        let (reply, answer) = oneshot::channel();
        let job = move |opened: Result<Conn>| match opened {
            Ok(connection) => {
                let (connection, done) = work(connection);
                let _ = reply.send(done);
                connection
            }
            Err(error) => {
                let _ = reply.send(Err(error));
                None
            }
        };
        self.writer().alone(file, Box::new(job))?;
        answer.await.map_err(|_| lost())?
    }

    pub(crate) async fn query(&self, sql: &str, params: Params, limit: Duration) -> Result<StepRows> {
        let ready = self.ready(sql, params)?;
        self.read(move |connection| {
            connection.limit_to(limit);
            let done = statement::run(&connection, &ready);
            (Some(connection), done)
        })
        .await
    }

    pub(crate) async fn batch(&self, session: &Session, steps: Vec<Step>) -> Result<Vec<StepRows>> {
        let role = session.role.iter().map(|role| ("role".to_owned(), role.clone()));
        let statements = steps
            .iter()
            .map(|step| self.ready(&step.sql, step.params.clone()))
            .collect::<Result<_>>()?;
        let file = self.file().await?;
        let (reply, answer) = oneshot::channel();
        let batch = Batch {
            statements,
            steps,
            limit: session.time_limit,
            told: role.chain(session.settings.iter().cloned()).collect(),
            reply,
        };
        self.writer().batch(file, batch)?;
        answer.await.map_err(|_| lost())?
    }

    /// A batch that only reads: in one snapshot, on a reading thread.
    pub(crate) async fn read_batch(&self, steps: Vec<Step>, limit: Duration) -> Result<Vec<StepRows>> {
        let statements: Vec<Ready> = steps
            .iter()
            .map(|step| self.ready(&step.sql, step.params.clone()))
            .collect::<Result<_>>()?;
        self.read(move |connection| {
            connection.limit_to(limit);
            let done = connection.control("BEGIN").and_then(|()| {
                let each = statements.iter().zip(&steps).map(|(ready, step)| {
                    let rows = statement::run(&connection, ready)?;
                    step.verify(&rows)?;
                    Ok(rows)
                });
                each.collect()
            });
            (Some(connection), done)
        })
        .await
    }

    pub(crate) async fn transaction<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T>> + Send + 'static,
    {
        let resolver = self.engine.resolver.clone();
        self.alone(move |connection| {
            transaction::run(connection, resolver, Mode::Write, TRANSACTION_LIMIT, work)
        })
        .await
    }

    pub(crate) async fn snapshot<T, F>(&self, limit: Duration, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T>> + Send + 'static,
    {
        let resolver = self.engine.resolver.clone();
        self.read(move |connection| transaction::run(connection, resolver, Mode::Snapshot, limit, work))
            .await
    }

    pub(crate) async fn json(&self, query: JsonQuery, limit: Duration) -> Result<JsonRows> {
        let point = query.point && query.total.is_none();
        let query = self.ready_json(query)?;
        let open = if point {
            self.engine.files.current(&self.slot)
        } else {
            None
        };
        if let Some(file) = open
            && let Some(connection) = file.look_up()
        {
            connection.limit_to(limit);
            let done = json::inline(&connection, &query);
            file.keep(connection);
            if let Some(rows) = done? {
                return Ok(rows);
            }
        }
        let file = self.file().await?;
        let (reply, answer) = oneshot::channel();
        self.engine.readers.submit(move |readers| {
            if reply.is_closed() {
                return;
            }
            match file.reader() {
                Ok(connection) => {
                    connection.limit_to(limit);
                    json::run(&connection, &query, readers, limit, reply);
                    file.give_back(connection);
                }
                Err(error) => {
                    let _ = reply.send(Err(error));
                }
            }
        })?;
        answer.await.map_err(|_| lost())?
    }

    fn ready_json(&self, query: JsonQuery) -> Result<ReadyJson> {
        let kept = |sql: &Sql, params| -> Result<Ready> {
            let text = self.engine.resolver.kept(sql)?;
            Ok(Ready { text, params })
        };
        let rows = kept(&query.sql, query.params)?;
        let counted =
            |count: Option<(Sql, Params)>| count.map(|(sql, params)| kept(&sql, params)).transpose();
        let page_count = match counted(query.page_count)? {
            Some(count) => count,
            None => self.ready(
                &format!(
                    "SELECT count(*) FROM ({}) AS counted",
                    query.sql.trim_end().trim_end_matches(';')
                ),
                rows.params.clone(),
            )?,
        };
        Ok(ReadyJson {
            total: counted(query.total)?,
            rows,
            page_count,
        })
    }

    pub(crate) async fn raw(&self, script: RawScript) -> Result<Vec<RawAnswer>> {
        let ready = script.ready(&self.engine.resolver)?;
        let waiting = self.writer().waiting().clone();
        if script.reads {
            return self
                .read(move |connection| raw::run(connection, &script, &ready, &waiting))
                .await;
        }
        self.alone(move |connection| raw::run(connection, &script, &ready, &waiting))
            .await
    }

    pub(crate) async fn copy_to(&self, file: &Path, kept: &'static [&'static str]) -> Result<()> {
        let (file, manner) = (file.to_owned(), self.engine.files.manner());
        self.read(move |connection| {
            let done = backup::copy(&connection, &file, kept, &manner);
            (Some(connection), done)
        })
        .await
    }

    pub(crate) async fn restore_from(&self, file: &Path, beside: Beside) -> Result<()> {
        let (file, manner) = (file.to_owned(), self.engine.files.manner());
        self.alone(move |connection| backup::restore(connection, &file, &beside, &manner))
            .await
    }

    pub(crate) async fn migrate(&self, set: &MigrationSet, clock: &Arc<dyn Clock>) -> Result<Vec<String>> {
        let (set, resolver, clock) = (*set, self.engine.resolver.clone(), clock.clone());
        self.alone(move |connection| migrate::run(connection, &resolver, &set, clock.as_ref()))
            .await
    }
}

/// The thread that should have answered panicked, or the store was closed.
fn lost() -> Error {
    Error::internal("a database thread gave no answer")
}

/// The store was closed.
fn closed() -> Error {
    Error::new(Kind::Unavailable, "store.closed", "The database is closed")
}
