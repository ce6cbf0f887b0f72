//! Interactive transactions and snapshots on SQLite: the closure runs to its end on a thread of the store.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use busbar_kernel::{Error, Kind, Result};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;

use super::connection::Conn;
use super::statement;
use crate::sql::{Ready, Resolver};
use crate::sqlstate;
use crate::transaction::{Tx, aborted};
use crate::{Params, StepRows};

/// The connection of a running transaction.
pub(crate) struct OpenTx {
    connection: Conn,
    resolver: Arc<Resolver>,
    failed: bool,
}

impl OpenTx {
    pub(crate) fn run(&mut self, sql: &str, params: Params) -> Result<StepRows> {
        if self.failed {
            return Err(aborted());
        }
        self.in_time()?;
        let text = self.resolver.statement(sql)?;
        let done = statement::run(&self.connection, &Ready { text, params });
        self.failed = done.is_err();
        done
    }

    fn in_time(&self) -> Result<()> {
        if self.connection.is_overdue() {
            return Err(sqlstate::error(
                "57014",
                "canceling the transaction: it took too long",
            ));
        }
        Ok(())
    }
}

/// How a transaction begins and ends.
#[derive(Clone, Copy)]
pub(super) enum Mode {
    Write,
    Snapshot,
}

/// Runs `work` in a transaction; the connection is `None` when it must not be used again.
pub(super) fn run<T, F>(
    connection: Conn,
    resolver: Arc<Resolver>,
    mode: Mode,
    limit: Duration,
    work: F,
) -> (Option<Conn>, Result<T>)
where
    F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T>>,
{
    connection.limit_to(limit);
    let begin = match mode {
        Mode::Write => "BEGIN IMMEDIATE",
        Mode::Snapshot => "BEGIN",
    };
    if let Err(error) = connection.control(begin) {
        return (connection.settle().is_ok().then_some(connection), Err(error));
    }
    let mut transaction = Tx::sqlite(OpenTx {
        connection,
        resolver,
        failed: false,
    });
    let polled = catch_unwind(AssertUnwindSafe(|| work(&mut transaction).now_or_never()));
    let Some(open) = transaction.into_sqlite() else {
        return (None, Err(Error::internal("a transaction changed its database")));
    };
    let answer = match polled {
        // As on PostgreSQL, nothing is kept of a transaction in which a statement failed.
        Ok(Some(Ok(_))) if open.failed => Err(aborted()),
        Ok(Some(answer)) => answer,
        Ok(None) => Err(waited()),
        Err(_) => Err(Error::internal("a transaction's closure panicked")),
    };
    let answer = answer.and_then(|value| {
        open.in_time()?;
        // What is finished in time is not interrupted while it is made durable.
        open.connection.unlimited();
        open.connection.control("COMMIT")?;
        Ok(value)
    });
    let connection = open.connection;
    (connection.settle().is_ok().then_some(connection), answer)
}

/// A closure that awaited something else would hold up every other write.
fn waited() -> Error {
    Error::new(
        Kind::Internal,
        "store.transaction_waited",
        "A transaction may await nothing but its own statements",
    )
}
