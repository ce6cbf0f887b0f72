//! One scope in PostgreSQL: its statements, batches and transactions.

use std::sync::Arc;
use std::time::Duration;

use busbar_kernel::{Clock, Result};
use futures_util::future::BoxFuture;

use super::error::Trouble;
use super::flight::{Answer, Message, fly};
use super::frame::{self, Frame, View};
use super::pool::{Lease, Pool};
use super::transaction;
use super::turns::{Turn, in_turn};
use super::{Engine, json, migrate};
use crate::json::{JsonQuery, JsonRows};
use crate::sql::{Ready, Resolver};
use crate::transaction::{TRANSACTION_LIMIT, Tx};
use crate::{MigrationSet, Params, Session, Sql, Step, StepRows, sqlstate};

/// The server ends a statement at its limit; this much later the store stops waiting for it.
const GRACE: Duration = Duration::from_secs(2);

/// The schema of one scope.
#[derive(Clone)]
pub(crate) struct Handle {
    pub(super) engine: Arc<Engine>,
    pub(super) path: Arc<str>,
    /// The owner's: without a schema in which people make things.
    pub(super) owner_path: Arc<str>,
    pub(super) schema: Arc<str>,
    pub(super) resolver: Arc<Resolver>,
}

/// A search path of one schema; temporary tables come last, so that none can pose as another.
pub(super) fn search_path(schema: &str) -> String {
    format!("{}, pg_temp", quoted(schema))
}

/// Where the owner looks in the data scope: `public` is not among it, because the administrator makes functions,
/// operators, tables and types there, and one that fits better than the database's own would run with the owner's rights.
pub(super) const OWNER_PATH: &str = "pg_catalog, pg_temp";

/// A name in double quotes.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

impl Handle {
    /// The same scope; names without a schema are looked for in this one first.
    pub(crate) fn looking_in(&self, schema: &str) -> Self {
        Self {
            owner_path: search_path(schema).into(),
            ..self.clone()
        }
    }

    pub(super) fn ready(&self, sql: &str, params: Params) -> Result<Ready> {
        let text = self.resolver.statement(sql)?;
        Ok(Ready { text, params })
    }

    pub(super) fn kept(&self, sql: &Sql, params: Params) -> Result<Ready> {
        let text = self.resolver.kept(sql)?;
        Ok(Ready { text, params })
    }

    fn all_ready(&self, steps: &[Step]) -> Result<Vec<Ready>> {
        steps
            .iter()
            .map(|step| self.ready(&step.sql, step.params.clone()))
            .collect()
    }

    /// The pool and frame of a session.
    pub(super) fn framed(&self, session: &Session, view: View) -> Result<(&Pool, Frame)> {
        let named = session.schema.as_deref().map(search_path);
        let path = match (&named, &session.role) {
            (Some(path), _) => path,
            (None, Some(_)) => &*self.path,
            (None, None) => &*self.owner_path,
        };
        let view = if session.read_only && view == View::Write {
            View::Read
        } else {
            view
        };
        let pool = match session.role {
            Some(_) => &self.engine.request,
            None => &self.engine.owner,
        };
        Ok((pool, Frame::new(session, path, view, &self.resolver)?))
    }

    /// The turn of a request's read; what is the store's own takes none.
    pub(super) async fn turn(
        &self,
        session: &Session,
        frame: &Frame,
        first: &Ready,
    ) -> Result<Option<Turn<'_>>> {
        if session.role.is_none() {
            return Ok(None);
        }
        let turn = self.engine.turns.begin(&frame.place, first.text.id).await?;
        Ok(Some(turn))
    }

    pub(crate) async fn query(&self, sql: &str, params: Params, limit: Duration) -> Result<StepRows> {
        let ready = self.ready(sql, params)?;
        if self.engine.pooler {
            let steps = [Step::new(String::new(), Params::new())];
            let rows = self.framed_batch(&owner(limit), vec![ready], &steps).await?;
            return Ok(rows.into_iter().next().unwrap_or_default());
        }
        let mut lease = self.engine.owner.lease().await?;
        let done = timely(limit, self.twice(&mut lease, &ready)).await;
        ended(lease, done)
    }

    /// One statement that is its own transaction, repeated once when its plan has become stale.
    async fn twice(&self, lease: &mut Lease, ready: &Ready) -> Result<StepRows, Trouble> {
        match self.autocommit(lease, ready).await {
            Err(trouble) if trouble.is_stale_statement() => {
                lease.forget();
                self.autocommit(lease, ready).await
            }
            done => done,
        }
    }

    async fn autocommit(&self, lease: &mut Lease, ready: &Ready) -> Result<StepRows, Trouble> {
        let path = &self.owner_path;
        let move_to = format!("SET search_path = {path}");
        let moves = lease.path.as_ref() != Some(path);
        let mut messages = Vec::with_capacity(2);
        if moves {
            messages.push(Message::Simple(&move_to));
        }
        let text = match lease.known(path, &ready.text) {
            Some(text) => text,
            None => {
                land(fly(&lease.client, std::mem::take(&mut messages)).await)?;
                lease.text(path, &ready.text).await?
            }
        };
        messages.push(Message::Rows(text, &ready.params));
        lease.path = Some(path.clone());
        // Each message is whole in itself: whoever stops waiting now leaves nothing open.
        lease.settle();
        let answers = land(fly(&lease.client, messages).await);
        if answers.is_err() && moves {
            lease.path = None;
        }
        Ok(answers?
            .into_iter()
            .find_map(|answer| match answer {
                Answer::Rows(rows) => Some(rows),
                _ => None,
            })
            .unwrap_or_default())
    }

    pub(crate) async fn batch(&self, steps: Vec<Step>, limit: Duration) -> Result<Vec<StepRows>> {
        match steps.as_slice() {
            [only] if only.check.is_none() => {
                let rows = self.query(&only.sql, only.params.clone(), limit).await?;
                Ok(vec![rows])
            }
            _ => self.batch_as(&owner(limit), steps).await,
        }
    }

    pub(crate) async fn batch_as(&self, session: &Session, steps: Vec<Step>) -> Result<Vec<StepRows>> {
        self.framed_batch(session, self.all_ready(&steps)?, &steps).await
    }

    async fn framed_batch(
        &self,
        session: &Session,
        work: Vec<Ready>,
        steps: &[Step],
    ) -> Result<Vec<StepRows>> {
        let (pool, frame) = self.framed(session, View::Write)?;
        let turn = match work.first() {
            Some(first) if session.read_only => self.turn(session, &frame, first).await?,
            _ => None,
        };
        let mut lease = pool.lease().await?;
        let batch = timely(session.time_limit, async {
            match frame::batch(&mut lease, &frame, &work, steps).await {
                Err(trouble) if trouble.is_stale_statement() => {
                    lease.forget();
                    frame::batch(&mut lease, &frame, &work, steps).await
                }
                done => done,
            }
        });
        let done = in_turn(turn, batch).await;
        ended(lease, done)
    }

    pub(crate) async fn transaction<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T>> + Send + 'static,
    {
        self.interactive(TRANSACTION_LIMIT, View::Write, work).await
    }

    pub(crate) async fn snapshot<T, F>(&self, limit: Duration, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T>> + Send + 'static,
    {
        self.interactive(limit, View::Snapshot, work).await
    }

    async fn interactive<T, F>(&self, limit: Duration, view: View, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T>> + Send + 'static,
    {
        let (pool, frame) = self.framed(&owner(limit), view)?;
        let lease = pool.lease().await?;
        transaction::run(lease, frame, self.resolver.clone(), limit, work).await
    }

    pub(crate) async fn json(&self, session: &Session, query: JsonQuery) -> Result<JsonRows> {
        json::run(self, session, query).await
    }

    pub(crate) async fn migrate(&self, set: &MigrationSet, clock: &Arc<dyn Clock>) -> Result<Vec<String>> {
        let lease = self.engine.owner.lease().await?;
        migrate::run(lease, self, set, clock.as_ref()).await
    }
}

/// The owner's session with a limit.
pub(super) fn owner(limit: Duration) -> Session {
    Session {
        time_limit: limit,
        ..Session::owner()
    }
}

fn land(answers: Vec<Result<Answer, tokio_postgres::Error>>) -> Result<Vec<Answer>, Trouble> {
    Ok(answers.into_iter().collect::<Result<_, _>>()?)
}

/// Waits for work no longer than its limit and some grace; `None` is too long.
pub(super) async fn timely<T>(limit: Duration, work: impl Future<Output = T>) -> Option<T> {
    tokio::time::timeout(limit.saturating_add(GRACE), work).await.ok()
}

/// Ends a lease with what came of its work; work that took too long is cancelled on the server.
pub(super) fn ended<T>(lease: Lease, done: Option<Result<T, Trouble>>) -> Result<T> {
    match done {
        Some(done) => Ok(done?),
        None => {
            lease.cancel();
            Err(too_long())
        }
    }
}

pub(super) fn too_long() -> busbar_kernel::Error {
    sqlstate::error("57014", "canceling statement due to statement timeout")
}
