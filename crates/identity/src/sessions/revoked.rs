//! Sessions whose access tokens must no longer count, although their time is not over.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use busbar_cache::Cache;
use busbar_kernel::{Clock, Result, Timestamp};
use uuid::Uuid;

/// Remembers ended sessions for as long as an access token lives.
///
/// This process remembers them itself, so that nothing can push one out; the cache carries them to other
/// processes on the same Redis; the database brings them back after a restart.
pub(crate) struct Revoked {
    directory: String,
    here: Mutex<HashMap<Uuid, Timestamp>>,
    cache: Cache,
    clock: Arc<dyn Clock>,
    lifetime: Duration,
}

/// Above this many the list is cleared of those that are over.
const CLEAR_ABOVE: usize = 1_000;

impl Revoked {
    pub(crate) fn new(directory: &str, cache: Cache, clock: Arc<dyn Clock>, lifetime: Duration) -> Self {
        Self {
            directory: directory.to_owned(),
            here: Mutex::new(HashMap::new()),
            cache,
            clock,
            lifetime,
        }
    }

    /// Marks a session here and for the other processes.
    pub(crate) async fn mark(&self, session: Uuid) -> Result<()> {
        self.mark_here(session, self.clock.now());
        self.cache.set(&self.key(session), "1", self.lifetime).await
    }

    /// Marks a session that was ended at `at`, in this process only.
    pub(crate) fn mark_here(&self, session: Uuid, at: Timestamp) {
        let now = self.clock.now();
        let mut here = self.here.lock().unwrap_or_else(PoisonError::into_inner);
        if here.len() >= CLEAR_ABOVE && here.len().is_power_of_two() {
            here.retain(|_, over| *over > now);
        }
        here.insert(session, at + self.lifetime);
    }

    /// Whether a session was ended.
    pub(crate) async fn holds(&self, session: Uuid) -> Result<bool> {
        let found = self
            .here
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .contains_key(&session);
        Ok(found || self.cache.get(&self.key(session)).await?.is_some())
    }

    fn key(&self, session: Uuid) -> String {
        format!("identity:{}:revoked:{session}", self.directory)
    }
}
