//! Interactive transactions and snapshots on PostgreSQL.

use std::sync::Arc;
use std::time::Duration;

use busbar_kernel::Result;
use futures_util::future::BoxFuture;

use super::error::Trouble;
use super::frame::{self, Frame};
use super::handle::{timely, too_long};
use super::pool::Lease;
use crate::sql::{Ready, Resolver};
use crate::transaction::{Tx, aborted};
use crate::{Params, StepRows};

/// The connection of a running transaction.
pub(crate) struct OpenTx {
    lease: Lease,
    frame: Frame,
    resolver: Arc<Resolver>,
    failed: bool,
}

impl OpenTx {
    pub(crate) async fn run(&mut self, sql: &str, params: Params) -> Result<StepRows> {
        if self.failed {
            return Err(aborted());
        }
        let text = self.resolver.statement(sql)?;
        let done = frame::single(&mut self.lease, &self.frame, &Ready { text, params }).await;
        done.map_err(|trouble| {
            self.failed = true;
            // The next transaction on this connection must not meet the same stale plan.
            if trouble.is_stale_statement() {
                self.lease.forget();
            }
            trouble.into()
        })
    }
}

/// Runs `work` between BEGIN and COMMIT, within `limit`.
pub(super) async fn run<T, F>(
    mut lease: Lease,
    frame: Frame,
    resolver: Arc<Resolver>,
    limit: Duration,
    work: F,
) -> Result<T>
where
    F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T>>,
{
    frame.begin(&mut lease).await?;
    let mut transaction = Tx::postgres(OpenTx {
        lease,
        frame,
        resolver,
        failed: false,
    });
    let worked = tokio::time::timeout(limit, work(&mut transaction)).await;
    let Some(mut open) = transaction.into_postgres() else {
        return Err(busbar_kernel::Error::internal(
            "a transaction changed its database",
        ));
    };
    let answer = match worked {
        Ok(Ok(_)) if open.failed => Err(aborted()),
        Ok(answer) => answer,
        Err(_) => {
            open.lease.cancel();
            return Err(too_long());
        }
    };
    let answer = match answer {
        Ok(value) => match timely(limit, open.frame.commit(&mut open.lease)).await {
            Some(committed) => committed
                .map(|()| value)
                .map_err(|trouble: Trouble| trouble.into()),
            None => {
                open.lease.cancel();
                return Err(too_long());
            }
        },
        Err(error) => Err(error),
    };
    if answer.is_err() {
        open.frame.roll_back(&mut open.lease).await;
    }
    answer
}
