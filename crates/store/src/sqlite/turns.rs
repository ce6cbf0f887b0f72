//! Long reads take turns: what runs for more than a moment gives its thread's place to others, and only a share of the
//! processors works for such reads at once, so that scans never hold up short reads.

use std::cell::Cell;
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

use busbar_kernel::{Clock, SystemClock};

use super::file::lock;

/// A read that has run so long is long.
const LONG_AFTER: Duration = Duration::from_millis(20);
/// A long read works so long before another one's turn.
const TURN: Duration = Duration::from_millis(50);
/// A waiting read looks so often whether its time limit has passed.
const LOOK: Duration = Duration::from_millis(50);
/// So many reads may be long at once; each has a thread.
const MOST: usize = 64;

/// The turns of all long reads.
pub(super) struct Turns {
    state: Mutex<State>,
    freed: Condvar,
}

struct State {
    /// Turns that nobody has.
    free: usize,
    waiting: usize,
    long: usize,
}

/// What a reading thread is doing.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// No read of ours: nothing takes turns here.
    Idle,
    /// A read since then.
    Short(Duration),
    /// A long read between two turns.
    Resting,
    /// A long read whose turn began then.
    Working(Duration),
}

thread_local! {
    static STANDING: Cell<Standing> = const { Cell::new(Standing::Idle) };
}

/// What a look at a running statement found.
pub(super) enum Look {
    /// Nothing to do.
    Fine,
    /// It has just become long: its thread needs a stand-in.
    BecameLong,
    /// There are too many long reads, or it has waited for its turn until its time was over.
    GiveUp,
}

/// A read begins on this thread.
pub(super) fn begin() {
    STANDING.set(Standing::Short(SystemClock.monotonic()));
}

impl Turns {
    /// One processor is always left to short reads and to everybody else, where there are several.
    pub(super) fn new() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self {
            state: Mutex::new(State {
                free: cores.saturating_sub(1).max(1),
                waiting: 0,
                long: 0,
            }),
            freed: Condvar::new(),
        }
    }

    /// Looks at the statement that runs on this thread; a long one waits here for its turn.
    pub(super) fn look(&self, overdue: impl Fn() -> bool) -> Look {
        let now = SystemClock.monotonic();
        match STANDING.get() {
            Standing::Idle => Look::Fine,
            Standing::Short(since) if now.saturating_sub(since) < LONG_AFTER => Look::Fine,
            Standing::Short(_) => {
                let mut state = lock(&self.state);
                if state.long >= MOST {
                    return Look::GiveUp;
                }
                state.long += 1;
                drop(state);
                STANDING.set(Standing::Resting);
                Look::BecameLong
            }
            Standing::Working(since) if now.saturating_sub(since) < TURN => Look::Fine,
            Standing::Working(_) => {
                if lock(&self.state).waiting == 0 {
                    STANDING.set(Standing::Working(now));
                    return Look::Fine;
                }
                self.rest();
                self.take(overdue)
            }
            Standing::Resting => self.take(overdue),
        }
    }

    fn take(&self, overdue: impl Fn() -> bool) -> Look {
        let mut state = lock(&self.state);
        state.waiting += 1;
        while state.free == 0 {
            if overdue() {
                state.waiting -= 1;
                return Look::GiveUp;
            }
            state = self
                .freed
                .wait_timeout(state, LOOK)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
        state.waiting -= 1;
        state.free -= 1;
        drop(state);
        STANDING.set(Standing::Working(SystemClock.monotonic()));
        Look::Fine
    }

    /// Gives the turn back, before this thread waits for anything else.
    pub(super) fn rest(&self) {
        if matches!(STANDING.get(), Standing::Working(_)) {
            STANDING.set(Standing::Resting);
            lock(&self.state).free += 1;
            self.freed.notify_one();
        }
    }

    /// The read of this thread has ended; the answer says whether it was a long one, whose thread has a stand-in.
    pub(super) fn end(&self) -> bool {
        self.rest();
        let long = STANDING.replace(Standing::Idle) == Standing::Resting;
        if long {
            lock(&self.state).long -= 1;
        }
        long
    }

    /// Whether this thread's read is long, so that the thread has a stand-in already.
    pub(super) fn is_long() -> bool {
        matches!(STANDING.get(), Standing::Resting | Standing::Working(_))
    }
}
