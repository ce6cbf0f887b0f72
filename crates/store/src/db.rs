//! One scope's data: reads, writes, batches and transactions.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use busbar_kernel::{Error, Result};
use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;
use serde::de::DeserializeOwned;

use crate::json::{JsonQuery, JsonRows};
use crate::{
    Dialect, Params, RawAnswer, RawBatch, RawScript, Row, Scope, Session, Step, StepRows, Tx, postgres,
    sqlite, undo,
};

/// The handle of one scope; cheap to clone, and the only way to its data.
#[derive(Clone)]
pub struct Db {
    pub(crate) engine: Engine,
    pub(crate) scope: Arc<Scope>,
    pub(crate) time_limit: Duration,
}

/// What goes with people's tables when a copy takes their place.
#[derive(Clone, Debug, Default)]
pub struct Beside {
    /// On SQLite, where all tables are in one file: those of the system that are taken from the copy. The others stay
    /// as they are.
    pub tables: &'static [&'static str],
    /// On SQLite: the rows of those tables that stay as they are all the same, each as a table and a condition.
    pub staying: &'static [(&'static str, &'static str)],
    /// On SQLite: people's tables without which the copy is refused, each with what needs it.
    pub needed: Vec<(String, String)>,
    /// On PostgreSQL: what the administrator runs last in the same transaction.
    pub statements: Vec<(String, Params)>,
}

/// The database. PostgreSQL's futures are boxed where they are awaited: they are a hundred times larger than SQLite's,
/// and every caller's future would carry and move their size.
#[derive(Clone)]
pub(crate) enum Engine {
    Sqlite(sqlite::Handle),
    Postgres(postgres::Handle),
}

impl Db {
    /// The database behind it.
    pub fn dialect(&self) -> Dialect {
        match &self.engine {
            Engine::Sqlite(_) => Dialect::Sqlite,
            Engine::Postgres(_) => Dialect::Postgres,
        }
    }

    /// The scope it is the handle of.
    pub fn scope(&self) -> &Scope {
        &self.scope
    }

    async fn query(&self, sql: &str, params: Params) -> Result<StepRows> {
        match &self.engine {
            Engine::Sqlite(handle) => handle.query(sql, params, self.time_limit).await,
            Engine::Postgres(handle) => Box::pin(handle.query(sql, params, self.time_limit)).await,
        }
    }

    /// All rows of a read as `T`, in one snapshot.
    ///
    /// # Errors
    /// The database's, or rows that do not fit `T`.
    pub async fn all<T: DeserializeOwned>(&self, sql: &str, params: Params) -> Result<Vec<T>> {
        self.query(sql, params).await?.read()
    }

    /// The same scope, where the owner's statements look for names without a schema in this one first: for statements
    /// that mean people's tables. Otherwise the owner finds nothing in `public` that is not named with it.
    #[must_use]
    pub fn looking_in(&self, schema: &str) -> Self {
        match &self.engine {
            Engine::Sqlite(_) => self.clone(),
            Engine::Postgres(handle) => Self {
                engine: Engine::Postgres(handle.looking_in(schema)),
                ..self.clone()
            },
        }
    }

    /// The first row of a read, if there is one.
    ///
    /// # Errors
    /// The database's, or a row that does not fit `T`.
    pub async fn optional<T: DeserializeOwned>(&self, sql: &str, params: Params) -> Result<Option<T>> {
        self.query(sql, params)
            .await?
            .rows
            .first()
            .map(Row::read)
            .transpose()
    }

    /// The first row of a read.
    ///
    /// # Errors
    /// `row.not_found` without one; the database's; a row that does not fit `T`.
    pub async fn one<T: DeserializeOwned>(&self, sql: &str, params: Params) -> Result<T> {
        self.optional(sql, params)
            .await?
            .ok_or_else(|| Error::not_found("row"))
    }

    /// Runs a write, durable when this returns; the answer is how many rows it wrote.
    ///
    /// # Errors
    /// The database's; `store.overloaded` when too many writes wait.
    pub async fn execute(&self, sql: &str, params: Params) -> Result<u64> {
        Ok(self.single(sql, params).await?.affected)
    }

    /// Runs a write with `RETURNING`, durable when this returns.
    ///
    /// # Errors
    /// The database's, or rows that do not fit `T`.
    pub async fn returning<T: DeserializeOwned>(&self, sql: &str, params: Params) -> Result<Vec<T>> {
        self.single(sql, params).await?.read()
    }

    async fn single(&self, sql: &str, params: Params) -> Result<StepRows> {
        let rows = self.batch(vec![Step::new(sql, params)]).await?;
        rows.into_iter()
            .next()
            .ok_or_else(|| Error::internal("a batch of one step answered none"))
    }

    /// Runs steps that succeed or fail together, durable when this returns; one answer per step.
    ///
    /// # Errors
    /// The first failing step's, or its check's; nothing of the batch then holds.
    pub async fn batch(&self, steps: Vec<Step>) -> Result<Vec<StepRows>> {
        match &self.engine {
            Engine::Sqlite(handle) => {
                let session = Session {
                    time_limit: self.time_limit,
                    ..Session::owner()
                };
                handle.batch(&session, steps).await
            }
            Engine::Postgres(handle) => Box::pin(handle.batch(steps, self.time_limit)).await,
        }
    }

    /// Runs a batch on behalf of a session.
    ///
    /// # Errors
    /// As [`Db::batch`]; SQLSTATE 25006 for a write in a session that only reads.
    pub async fn batch_as(&self, session: &Session, steps: Vec<Step>) -> Result<Vec<StepRows>> {
        if session.roll_back {
            let (steps, kept) = undo::undone(steps, self.dialect());
            return kept.of(Box::pin(self.run_batch(session, steps)).await);
        }
        self.run_batch(session, steps).await
    }

    async fn run_batch(&self, session: &Session, steps: Vec<Step>) -> Result<Vec<StepRows>> {
        match &self.engine {
            Engine::Sqlite(handle) if session.read_only => handle.read_batch(steps, session.time_limit).await,
            Engine::Sqlite(handle) => handle.batch(session, steps).await,
            Engine::Postgres(handle) => Box::pin(handle.batch_as(session, steps)).await,
        }
    }

    /// Runs statements that depend on one another's answers, atomically and durably, within 5 s.
    ///
    /// The closure may await nothing but its transaction: on SQLite it runs on the writer thread, and one that
    /// waits for anything else is rolled back with `store.transaction_waited`.
    ///
    /// # Errors
    /// The closure's, after a rollback; the database's at COMMIT; SQLSTATE 57014 beyond the deadline.
    pub async fn transaction<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T>> + Send + 'static,
    {
        match &self.engine {
            Engine::Sqlite(handle) => handle.transaction(work).await,
            Engine::Postgres(handle) => Box::pin(handle.transaction(work)).await,
        }
    }

    /// Runs several reads in one snapshot; writes are refused with SQLSTATE 25006.
    ///
    /// # Errors
    /// As [`Db::transaction`].
    pub async fn snapshot<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T>> + Send + 'static,
    {
        match &self.engine {
            Engine::Sqlite(handle) => handle.snapshot(self.time_limit, work).await,
            Engine::Postgres(handle) => Box::pin(handle.snapshot(self.time_limit, work)).await,
        }
    }

    /// Runs people's own statements behind the walls of their access; one answer per statement.
    ///
    /// # Errors
    /// The first failing statement's: nothing of the script then holds. SQLSTATE 54000 beyond the script's bounds.
    pub async fn raw(&self, script: RawScript) -> Result<Vec<RawAnswer>> {
        match &self.engine {
            Engine::Sqlite(handle) => handle.raw(script).await,
            Engine::Postgres(handle) => Box::pin(handle.raw(script)).await,
        }
    }

    /// Runs people's own reads in one snapshot, and hands their rows on while they are read; nothing larger than a few
    /// batches is held. The script's bounds of rows and bytes mean nothing here; its time limit holds for the whole.
    ///
    /// # Errors
    /// `store.overloaded` when too much is on its way; all others end the stream.
    pub async fn raw_stream(&self, script: RawScript) -> Result<BoxStream<'static, Result<RawBatch>>> {
        match &self.engine {
            Engine::Sqlite(handle) => handle.raw_stream(script).await,
            Engine::Postgres(handle) => Box::pin(handle.raw_stream(script)).await,
        }
    }

    /// Writes people's tables, and what makes them what they are, to a new file, as they are at one moment; durable
    /// when this returns. Writers go on meanwhile. On SQLite those of the system's tables go along that are `kept`.
    ///
    /// # Errors
    /// `store.no_tools` where PostgreSQL's tools are not installed; the database's. What is in the file then is no copy.
    pub async fn copy_to(&self, file: &Path, kept: &'static [&'static str]) -> Result<()> {
        match &self.engine {
            Engine::Sqlite(handle) => handle.copy_to(file, kept).await,
            Engine::Postgres(handle) => Box::pin(handle.copy_to(file)).await,
        }
    }

    /// Puts such a copy in the place of people's tables: all of it, or nothing.
    ///
    /// # Errors
    /// As [`Db::copy_to`]; 23503 when rows of the copy refer to people who are gone; 2BP01 when it lacks a table that is
    /// needed. Nothing has changed then.
    pub async fn restore_from(&self, file: &Path, beside: Beside) -> Result<()> {
        match &self.engine {
            Engine::Sqlite(handle) => handle.restore_from(file, beside).await,
            Engine::Postgres(handle) => Box::pin(handle.restore_from(file, beside.statements)).await,
        }
    }

    /// Runs a read whose rows the database writes as JSON.
    ///
    /// # Errors
    /// The database's; for a streamed answer also as the last item of the stream.
    pub async fn json(&self, session: &Session, query: JsonQuery) -> Result<JsonRows> {
        match &self.engine {
            Engine::Sqlite(handle) => handle.json(query, session.time_limit).await,
            Engine::Postgres(handle) => Box::pin(handle.json(session, query)).await,
        }
    }
}

impl std::fmt::Debug for Db {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Db({}, {:?})", self.scope.label(), self.dialect())
    }
}
