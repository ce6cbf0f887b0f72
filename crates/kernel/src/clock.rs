//! Time: the system's, or one that tests move.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// A moment in UTC.
pub type Timestamp = chrono::DateTime<chrono::Utc>;

/// Where time comes from; every part takes one, nothing asks the system.
pub trait Clock: Send + Sync + 'static {
    /// The wall clock.
    fn now(&self) -> Timestamp;
    /// A clock that never goes back, for durations; its zero is arbitrary.
    fn monotonic(&self) -> Duration;
}

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the one home of the wall clock")]
    fn now(&self) -> Timestamp {
        std::time::SystemTime::now().into()
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one home of the monotonic clock"
    )]
    fn monotonic(&self) -> Duration {
        static ZERO: std::sync::OnceLock<std::time::Instant> = std::sync::OnceLock::new();
        ZERO.get_or_init(std::time::Instant::now).elapsed()
    }
}

/// A clock that stands still until a test moves it; clones share the time.
#[derive(Clone, Debug)]
pub struct MovableClock(Arc<Mutex<(Timestamp, Duration)>>);

impl MovableClock {
    /// A clock that stands at `start`.
    pub fn at(start: Timestamp) -> Self {
        Self(Arc::new(Mutex::new((start, Duration::ZERO))))
    }

    /// A clock that stands at the first second of 2026.
    pub fn at_2026() -> Self {
        Self::at(Timestamp::from_timestamp(1_767_225_600, 0).unwrap_or_default())
    }

    /// Moves both clocks forward.
    pub fn advance(&self, by: Duration) {
        let mut inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        inner.0 += by;
        inner.1 += by;
    }
}

impl Clock for MovableClock {
    fn now(&self) -> Timestamp {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).0
    }
    fn monotonic(&self) -> Duration {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).1
    }
}

/// A moment as InsForge and browsers write it: ISO 8601 with milliseconds and `Z`.
pub fn iso_millis(moment: Timestamp) -> String {
    moment.to_rfc3339_opts(chrono::SecondsFormat::Millis, true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_movable_clock_moves_both_times() {
        let clock = MovableClock::at_2026();
        let before = (clock.now(), clock.monotonic());
        clock.clone().advance(Duration::from_secs(90));
        assert_eq!((clock.now() - before.0).num_seconds(), 90);
        assert_eq!(clock.monotonic() - before.1, Duration::from_secs(90));
        assert_eq!(iso_millis(before.0), "2026-01-01T00:00:00.000Z");
    }
}
