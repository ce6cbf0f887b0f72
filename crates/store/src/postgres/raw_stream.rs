//! People's own reads on PostgreSQL, handed on while they are read.

use std::pin::pin;
use std::sync::Arc;

use busbar_kernel::{Error, Result};
use futures_util::stream::{BoxStream, poll_fn};
use futures_util::{StreamExt, TryStreamExt};
use tokio::sync::mpsc;

use super::encode::Parameter;
use super::error::Trouble;
use super::frame::{Frame, View};
use super::handle::{Handle, timely, too_long};
use super::pool::Lease;
use super::raw::{prepared, row};
use crate::Session;
use crate::raw::{BATCHES_WAITING, Gathering, RawAccess, RawBatch, RawScript};
use crate::sql::Ready;

type Batches = mpsc::Sender<Result<RawBatch>>;

impl Handle {
    /// Runs a script of reads in one snapshot. Its connection is not used again.
    pub(crate) async fn raw_stream(&self, script: RawScript) -> Result<BoxStream<'static, Result<RawBatch>>> {
        let session = Session {
            role: (script.access == RawAccess::Strict).then(|| "project_admin".to_owned()),
            read_only: true,
            time_limit: script.time_limit,
            ..Session::owner()
        };
        let work = script.ready(&self.resolver)?;
        let (pool, frame) = self.framed(&session, View::Snapshot)?;
        let lease = pool.lease().await?;
        let (sender, mut receiver) = mpsc::channel(BATCHES_WAITING);
        tokio::spawn(feed(lease, frame, script, work, sender));
        Ok(poll_fn(move |context| receiver.poll_recv(context)).boxed())
    }
}

async fn feed(mut lease: Lease, frame: Frame, script: RawScript, work: Vec<Ready>, batches: Batches) {
    let fed = timely(script.time_limit, produce(&mut lease, &frame, &work, &batches)).await;
    lease.unsettle();
    let failure = match fed {
        Some(Ok(())) => return,
        Some(Err(trouble)) => trouble.into(),
        None => {
            lease.cancel();
            too_long()
        }
    };
    // Waits for room without end: the receiver either takes it or goes away.
    let _ = batches.send(Err(failure)).await;
}

async fn produce(lease: &mut Lease, frame: &Frame, work: &[Ready], batches: &Batches) -> Result<(), Trouble> {
    frame.begin(lease).await?;
    for (at, ready) in work.iter().enumerate() {
        let read = one(lease, at, ready, batches).await;
        read.map_err(|trouble| RawScript::failed(trouble.into(), at))?;
    }
    frame.commit(lease).await
}

async fn one(lease: &Lease, at: usize, ready: &Ready, batches: &Batches) -> Result<(), Trouble> {
    let (statement, fields) = prepared(lease, &ready.text.sql, &ready.params).await?;
    let names: Arc<[String]> = fields.iter().map(|field| field.name.clone()).collect();
    let parameters = ready.params.iter().map(Parameter);
    let rows = lease.client.query_raw(&statement, parameters).await?;
    let mut rows = pin!(rows);
    let gone = |_| Error::internal("the receiver went away");
    let mut gathering = Gathering::new(at, fields);
    while let Some(found) = rows.try_next().await? {
        if let Some(batch) = gathering.push(row(&found, &names)?) {
            batches.send(Ok(batch)).await.map_err(gone)?;
        }
    }
    if let Some(batch) = gathering.rest() {
        batches.send(Ok(batch)).await.map_err(gone)?;
    }
    Ok(())
}
