//! Locking an account for a while after too many failures (requirement A.4).

use std::sync::Arc;
use std::time::Duration;

use busbar_cache::Cache;
use busbar_kernel::{Clock, Error, Kind, Result, Timestamp};

use crate::codes;

const MINUTE: Duration = Duration::from_secs(60);

/// Failures inside this window count together.
const WINDOW: Duration = Duration::from_secs(15 * 60);

/// This many failures inside the window lock the account.
const FAILURES: u64 = 5;

/// How long the first, second, third and every later lock within a day lasts: after 5, 10, 15 and 20 failures.
const LOCKS: [Duration; 4] = [
    Duration::from_secs(10 * 60),
    Duration::from_secs(60 * 60),
    Duration::from_secs(4 * 60 * 60),
    Duration::from_secs(24 * 60 * 60),
];

/// Locks fade from memory after this time.
const REMEMBER: Duration = Duration::from_secs(48 * 60 * 60);

/// Counts failures by account in the cache, for known and unknown accounts alike.
pub(crate) struct LockOut {
    directory: String,
    cache: Cache,
    clock: Arc<dyn Clock>,
}

impl LockOut {
    pub(crate) fn new(directory: &str, cache: Cache, clock: Arc<dyn Clock>) -> Self {
        Self {
            directory: directory.to_owned(),
            cache,
            clock,
        }
    }

    /// Lets an attempt through unless the account is locked.
    pub(crate) async fn admit(&self, account: &str) -> Result<()> {
        let until = self.cache.get(&self.key("lock", account)).await?;
        let until = until.and_then(|text| text.parse::<Timestamp>().ok());
        match until.and_then(|until| (until - self.clock.now()).to_std().ok()) {
            Some(left) if !left.is_zero() => Err(locked(left)),
            _ => Ok(()),
        }
    }

    /// Counts a failure, and locks the account when it was one too many.
    pub(crate) async fn failed(&self, account: &str) -> Result<()> {
        let failures = self
            .cache
            .increment(&self.key("failures", account), WINDOW)
            .await?;
        // Guesses that were already under way when the lock fell do not make it longer.
        if failures.count != FAILURES {
            return Ok(());
        }
        let locks = self
            .cache
            .increment(&self.key("locks", account), REMEMBER)
            .await?;
        let nth = usize::try_from(locks.count.saturating_sub(1)).unwrap_or(usize::MAX);
        let lock = LOCKS[nth.min(LOCKS.len() - 1)];
        let until = (self.clock.now() + lock).to_rfc3339();
        self.cache.set(&self.key("lock", account), &until, lock).await?;
        self.cache.delete(&self.key("failures", account)).await?;
        tracing::warn!(
            directory = self.directory,
            minutes = lock.as_secs() / MINUTE.as_secs(),
            "an account is locked after repeated failures"
        );
        Ok(())
    }

    /// Forgets the failures of somebody who came in.
    pub(crate) async fn succeeded(&self, account: &str) -> Result<()> {
        self.cache.delete(&self.key("failures", account)).await
    }

    fn key(&self, what: &str, account: &str) -> String {
        format!("lockout:{}:{what}:{account}", self.directory)
    }
}

fn locked(left: Duration) -> Error {
    Error::new(
        Kind::RateLimited,
        codes::LOCKED_OUT,
        "Too many failed attempts; try again later",
    )
    .retry_after(left)
}

#[cfg(test)]
mod tests {
    use super::*;
    use busbar_kernel::MovableClock;

    #[tokio::test]
    async fn locks_grow_and_fade() {
        let clock = MovableClock::at_2026();
        let lock_out = LockOut::new(
            "test",
            Cache::in_process(Arc::new(clock.clone())),
            Arc::new(clock.clone()),
        );
        for lock in LOCKS {
            for _ in 0..FAILURES {
                lock_out.admit("a@example.com").await.unwrap();
                lock_out.failed("a@example.com").await.unwrap();
            }
            let error = lock_out.admit("a@example.com").await.unwrap_err();
            assert_eq!(error.retry_after_value(), Some(lock));
            assert!(lock_out.admit("b@example.com").await.is_ok());
            clock.advance(lock);
        }
        lock_out.admit("a@example.com").await.unwrap();
    }

    #[tokio::test]
    async fn failures_far_apart_or_before_a_success_do_not_add_up() {
        let clock = MovableClock::at_2026();
        let lock_out = LockOut::new(
            "test",
            Cache::in_process(Arc::new(clock.clone())),
            Arc::new(clock.clone()),
        );
        for round in 0..4 {
            for _ in 0..FAILURES - 1 {
                lock_out.failed("a@example.com").await.unwrap();
            }
            if round % 2 == 0 {
                lock_out.succeeded("a@example.com").await.unwrap();
            } else {
                clock.advance(WINDOW + MINUTE);
            }
        }
        lock_out.admit("a@example.com").await.unwrap();
    }
}
