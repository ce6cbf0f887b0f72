//! A pool of one login's connections, and the lease of one of them.

use std::ops::{Deref, DerefMut};
use std::time::Duration;

use busbar_kernel::{Error, Result};
use deadpool::Runtime;
use deadpool::managed::{self, Object, WeakPool};
use tokio_postgres::{CancelToken, Config};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::connection::{Connection, Manager};
use super::error;
use crate::settings::PostgresSettings;

/// The connections of one login.
pub(super) struct Pool {
    inner: managed::Pool<Manager>,
    tls: MakeRustlsConnect,
}

impl Pool {
    /// A pool that keeps between the fewest and the most connections; none is made yet.
    pub(super) fn new(config: Config, tls: MakeRustlsConnect, settings: &PostgresSettings) -> Result<Self> {
        let manager = Manager {
            config,
            tls: tls.clone(),
            pooler: settings.pooler,
        };
        let inner = managed::Pool::builder(manager)
            .max_size(settings.pool_max)
            .wait_timeout(Some(settings.acquire_timeout))
            .create_timeout(Some(settings.connect_timeout))
            .runtime(Runtime::Tokio1)
            .build()
            .map_err(|error| Error::internal("a pool cannot be made").source(error))?;
        tokio::spawn(keep(inner.weak(), settings.pool_min, settings.idle_timeout));
        Ok(Self { inner, tls })
    }

    /// A connection for one piece of work.
    ///
    /// # Errors
    /// `store.overloaded` when none becomes free in time, `store.unavailable` when none can be made.
    pub(super) async fn lease(&self) -> Result<Lease> {
        let object = self.inner.get().await.map_err(error::no_connection)?;
        Ok(Lease {
            object: Some(object),
            tls: self.tls.clone(),
            settled: false,
        })
    }

    pub(super) fn close(&self) {
        self.inner.close();
    }
}

/// Keeps the fewest connections open and closes those above that idle too long.
async fn keep(pool: WeakPool<Manager>, fewest: usize, idle: Duration) {
    loop {
        let Some(pool) = pool.upgrade().filter(|pool| !pool.is_closed()) else {
            return;
        };
        let mut spare = pool.status().size.saturating_sub(fewest);
        pool.retain(|_, metrics| {
            let kept = spare == 0 || metrics.last_used() < idle;
            spare -= usize::from(!kept);
            kept
        });
        let missing = fewest.saturating_sub(pool.status().size);
        // Held together, so that each is a new one; trouble shows where a connection is needed.
        let made = futures_util::future::join_all((0..missing).map(|_| pool.get())).await;
        drop(made);
        drop(pool);
        tokio::time::sleep((idle / 2).max(Duration::from_millis(100))).await;
    }
}

/// A connection in use. One that is not settled when the lease ends is closed, not given back: what it was
/// doing, or which transaction it was in, is then unknown.
pub(super) struct Lease {
    object: Option<Object<Manager>>,
    tls: MakeRustlsConnect,
    settled: bool,
}

impl Lease {
    /// Says that nothing is open on the connection, so that it may be used again.
    pub(super) fn settle(&mut self) {
        self.settled = true;
    }

    /// Says that something is open on the connection from here on.
    pub(super) fn unsettle(&mut self) {
        self.settled = false;
    }

    /// Asks the server to stop what the connection is doing; the connection is then closed.
    pub(super) fn cancel(mut self) {
        self.settled = false;
    }
}

async fn stop(token: CancelToken, tls: MakeRustlsConnect) {
    if let Err(error) = token.cancel_query(tls).await {
        tracing::debug!(%error, "a statement could not be cancelled");
    }
}

#[expect(
    clippy::expect_used,
    reason = "the object leaves only when the lease is dropped"
)]
impl Deref for Lease {
    type Target = Connection;
    fn deref(&self) -> &Connection {
        self.object
            .as_ref()
            .expect("a lease has its connection until it is dropped")
    }
}

#[expect(
    clippy::expect_used,
    reason = "the object leaves only when the lease is dropped"
)]
impl DerefMut for Lease {
    fn deref_mut(&mut self) -> &mut Connection {
        self.object
            .as_mut()
            .expect("a lease has its connection until it is dropped")
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if let (false, Some(object)) = (self.settled, self.object.take()) {
            let connection = Object::take(object);
            // Nobody waits for what it is doing: the server would go on all the same.
            if !connection.client.is_closed()
                && let Ok(runtime) = tokio::runtime::Handle::try_current()
            {
                runtime.spawn(stop(connection.client.cancel_token(), self.tls.clone()));
            }
        }
    }
}
