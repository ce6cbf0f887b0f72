//! Whether what is configured answers: named checks, each with a time limit, asked at most once a second.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use busbar_kernel::{Clock, Result};
use futures_util::future::{BoxFuture, FutureExt, join_all};

/// A check that takes longer than this counts as down.
pub const TIME_LIMIT: Duration = Duration::from_secs(3);

/// For how long an answer is given again instead of asking anew.
pub const CACHED_FOR: Duration = Duration::from_secs(1);

type Ask = Box<dyn Fn() -> BoxFuture<'static, Result<String>> + Send + Sync>;

struct Check {
    name: &'static str,
    required: bool,
    ask: Ask,
}

/// The checks of one process.
pub struct HealthRegistry {
    clock: Arc<dyn Clock>,
    checks: Mutex<Vec<Arc<Check>>>,
    draining: AtomicBool,
    last: tokio::sync::Mutex<Option<(Duration, Arc<Vec<CheckReport>>)>>,
}

/// The answer of every check.
#[derive(Clone, Debug)]
pub struct HealthReport {
    /// Whether requests may be sent here: everything required is up and the process is not stopping.
    pub ready: bool,
    /// Whether the process is stopping.
    pub draining: bool,
    /// Each check, in the order of registration.
    pub checks: Arc<Vec<CheckReport>>,
}

/// The answer of one check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckReport {
    /// Its name, which may be shown to anybody.
    pub name: &'static str,
    /// Whether readiness depends on it.
    pub required: bool,
    /// Whether it answered well and in time.
    pub up: bool,
    /// How long it took.
    pub latency: Duration,
    /// What it said or what is wrong with it: for operators only.
    pub detail: String,
}

impl HealthRegistry {
    /// A registry without checks, which is ready.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            checks: Mutex::default(),
            draining: AtomicBool::new(false),
            last: tokio::sync::Mutex::new(None),
        }
    }

    /// Adds a check that readiness depends on; its text is a detail for operators.
    pub fn require<F, A>(&self, name: &'static str, ask: F)
    where
        F: Fn() -> A + Send + Sync + 'static,
        A: Future<Output = Result<String>> + Send + 'static,
    {
        self.add(name, true, Box::new(move || ask().boxed()));
    }

    /// Adds a check that is shown only: the process serves without it.
    pub fn observe<F, A>(&self, name: &'static str, ask: F)
    where
        F: Fn() -> A + Send + Sync + 'static,
        A: Future<Output = Result<String>> + Send + 'static,
    {
        self.add(name, false, Box::new(move || ask().boxed()));
    }

    fn add(&self, name: &'static str, required: bool, ask: Ask) {
        let check = Arc::new(Check { name, required, ask });
        self.checks
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(check);
    }

    /// From now on not ready: the process finishes what it has and takes nothing new.
    pub fn drain(&self) {
        self.draining.store(true, Ordering::Relaxed);
    }

    /// Whether [`HealthRegistry::drain`] was called.
    pub fn is_draining(&self) -> bool {
        self.draining.load(Ordering::Relaxed)
    }

    /// Asks every check at once, or gives the answer of the last second.
    pub async fn report(&self) -> HealthReport {
        let checks = self.checks().await;
        let draining = self.is_draining();
        let ready = !draining && checks.iter().all(|check| check.up || !check.required);
        HealthReport {
            ready,
            draining,
            checks,
        }
    }

    async fn checks(&self) -> Arc<Vec<CheckReport>> {
        // Held while asking, so that a crowd of askers causes one round of checks.
        let mut last = self.last.lock().await;
        let now = self.clock.monotonic();
        if let Some((asked, checks)) = last.as_ref()
            && now.saturating_sub(*asked) < CACHED_FOR
        {
            return Arc::clone(checks);
        }
        let all = self.checks.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let asked = all.iter().map(|check| self.ask(check));
        let checks = Arc::new(join_all(asked).await);
        *last = Some((self.clock.monotonic(), Arc::clone(&checks)));
        checks
    }

    async fn ask(&self, check: &Check) -> CheckReport {
        let start = self.clock.monotonic();
        let (up, detail) = match tokio::time::timeout(TIME_LIMIT, (check.ask)()).await {
            Ok(Ok(detail)) => (true, detail),
            Ok(Err(error)) => (false, error.operator_line()),
            Err(_) => (false, format!("no answer within {} s", TIME_LIMIT.as_secs())),
        };
        CheckReport {
            name: check.name,
            required: check.required,
            up,
            latency: self.clock.monotonic().saturating_sub(start),
            detail,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use busbar_kernel::{Error, MovableClock};
    use std::sync::atomic::AtomicUsize;

    #[tokio::test]
    async fn a_required_check_decides_and_an_observed_one_does_not() {
        let clock = MovableClock::at_2026();
        let health = HealthRegistry::new(Arc::new(clock.clone()));
        assert!(health.report().await.ready);
        clock.advance(CACHED_FOR);
        health.observe("mail", async || {
            Err(Error::unavailable("mail.down", "no").with("host", "h"))
        });
        let report = health.report().await;
        assert!(report.ready && !report.checks[0].up);
        assert!(report.checks[0].detail.contains("host=\"h\""));
        clock.advance(CACHED_FOR);
        health.require("database", async || Err(Error::unavailable("store.down", "no")));
        assert!(!health.report().await.ready);
    }

    #[tokio::test]
    async fn a_crowd_causes_one_round_a_second() {
        let clock = MovableClock::at_2026();
        let health = HealthRegistry::new(Arc::new(clock.clone()));
        let asked = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&asked);
        health.require("database", move || {
            counter.fetch_add(1, Ordering::Relaxed);
            async {
                tokio::task::yield_now().await;
                Ok("fine".to_owned())
            }
        });
        join_all((0..50).map(|_| health.report())).await;
        assert_eq!(asked.load(Ordering::Relaxed), 1);
        clock.advance(CACHED_FOR);
        assert!(health.report().await.ready);
        assert_eq!(asked.load(Ordering::Relaxed), 2);
        health.drain();
        assert!(!health.report().await.ready, "a stopping process is not ready");
    }

    #[tokio::test(start_paused = true)]
    async fn a_check_that_hangs_is_down() {
        let health = HealthRegistry::new(Arc::new(MovableClock::at_2026()));
        health.require("database", std::future::pending);
        let report = health.report().await;
        assert!(!report.ready && report.checks[0].detail.contains("3 s"));
    }
}
