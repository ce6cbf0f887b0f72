//! How long the parts of an answer took: `Server-Timing` (PostgREST's contract, A12).

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use busbar_kernel::Clock;

use super::request::RecordAnswer;

/// Measures one request.
pub(crate) struct Timing {
    clock: std::sync::Arc<dyn Clock>,
    started: Duration,
    /// Microseconds.
    parse: AtomicU64,
    plan: AtomicU64,
}

impl Timing {
    pub(super) fn start(clock: std::sync::Arc<dyn Clock>) -> Self {
        let started = clock.monotonic();
        Self {
            clock,
            started,
            parse: AtomicU64::new(0),
            plan: AtomicU64::new(0),
        }
    }

    fn since(&self, start: Duration) -> u64 {
        let passed = self.clock.monotonic().saturating_sub(start);
        u64::try_from(passed.as_micros()).unwrap_or(u64::MAX)
    }

    /// The request has been read.
    pub(super) fn parsed(timing: Option<&Self>) {
        if let Some(timing) = timing {
            timing
                .parse
                .store(timing.since(timing.started), Ordering::Relaxed);
        }
    }

    /// Adds what `plan` takes to the time of planning.
    pub(crate) fn planning<T>(timing: Option<&Self>, plan: impl FnOnce() -> T) -> T {
        let Some(timing) = timing else {
            return plan();
        };
        let start = timing.clock.monotonic();
        let planned = plan();
        timing.plan.fetch_add(timing.since(start), Ordering::Relaxed);
        planned
    }

    /// Says it all in the answer's header; whatever was neither reading nor planning was the database's transaction.
    pub(super) fn tell(timing: Option<&Self>, answer: &mut RecordAnswer) {
        let Some(timing) = timing else {
            return;
        };
        let (parse, plan) = (
            timing.parse.load(Ordering::Relaxed),
            timing.plan.load(Ordering::Relaxed),
        );
        let transaction = timing.since(timing.started).saturating_sub(parse + plan);
        let told = [("parse", parse), ("plan", plan), ("transaction", transaction)]
            .map(|(name, micros)| format!("{name};dur={}.{}", micros / 1000, micros % 1000 / 100));
        answer.headers.push(("Server-Timing", told.join(", ")));
    }
}
