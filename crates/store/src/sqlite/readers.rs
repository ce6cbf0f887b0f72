//! The threads that run reads, and the queue before them.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};

use busbar_kernel::{Error, Result};

use super::file::lock;
use super::files::overloaded;
use super::turns::{self, Look, Turns};

/// So many reads may wait.
const WAITING: usize = 4096;
/// So many large answers may be on their way at once, each with a thread of its own.
const STREAMS: usize = 64;

type Job = Box<dyn FnOnce(&Readers) + Send>;

struct Queue {
    jobs: VecDeque<Job>,
    closed: bool,
}

/// The reading threads.
#[derive(Clone)]
pub(super) struct Readers(Arc<Inner>);

struct Inner {
    queue: Mutex<Queue>,
    filled: Condvar,
    streams: AtomicUsize,
    turns: Turns,
    runtime: tokio::runtime::Handle,
}

impl Readers {
    /// Starts `threads` of them.
    pub(super) fn start(threads: usize, runtime: tokio::runtime::Handle) -> Result<Self> {
        let readers = Self(Arc::new(Inner {
            queue: Mutex::new(Queue {
                jobs: VecDeque::new(),
                closed: false,
            }),
            filled: Condvar::new(),
            streams: AtomicUsize::new(0),
            turns: Turns::new(),
            runtime,
        }));
        for _ in 0..threads {
            readers.spawn()?;
        }
        Ok(readers)
    }

    fn spawn(&self) -> Result<()> {
        let readers = self.clone();
        std::thread::Builder::new()
            .name("sqlite-reader".to_owned())
            .spawn(move || readers.work())
            .map(|_| ())
            .map_err(|error| Error::internal("a thread cannot be started").source(error))
    }

    fn work(&self) {
        let _runtime = self.0.runtime.enter();
        READERS.set(Some(self.clone()));
        while let Some(job) = self.next() {
            let streams = self.0.streams.load(Ordering::Relaxed);
            turns::begin();
            // A job that panics drops its reply, which its caller sees as an error.
            let _ = catch_unwind(AssertUnwindSafe(|| job(self)));
            let long = self.0.turns.end();
            let streamed = STREAMING.replace(false);
            if streamed {
                debug_assert!(streams < STREAMS, "streams are counted before they start");
                self.0.streams.fetch_sub(1, Ordering::Relaxed);
            }
            if long || streamed {
                // A stand-in has taken this thread's place.
                READERS.set(None);
                return;
            }
        }
    }

    fn next(&self) -> Option<Job> {
        let mut queue = lock(&self.0.queue);
        loop {
            if let Some(job) = queue.jobs.pop_front() {
                return Some(job);
            }
            if queue.closed {
                return None;
            }
            queue = self.0.filled.wait(queue).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Queues a read.
    ///
    /// # Errors
    /// `store.overloaded` when too many wait, `store.closed` after the end.
    pub(super) fn submit(&self, job: impl FnOnce(&Self) + Send + 'static) -> Result<()> {
        let mut queue = lock(&self.0.queue);
        if queue.closed {
            return Err(super::closed());
        }
        if queue.jobs.len() >= WAITING {
            return Err(overloaded("Too many reads are waiting for the database"));
        }
        queue.jobs.push_back(Box::new(job));
        drop(queue);
        self.0.filled.notify_one();
        Ok(())
    }

    /// Makes the calling reading thread the producer of a large answer: another takes its place, and it ends
    /// with the answer, so that slow receivers hold up nobody else.
    ///
    /// # Errors
    /// `store.overloaded` when too many large answers are on their way.
    pub(super) fn stream(&self) -> Result<()> {
        let counted = self
            .0
            .streams
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |streams| {
                (streams < STREAMS).then_some(streams + 1)
            });
        if counted.is_err() {
            return Err(overloaded("Too many large answers are on their way"));
        }
        STREAMING.set(true);
        if Turns::is_long() { Ok(()) } else { self.spawn() }
    }

    /// Gives the turn of a long read back, before its thread waits for a receiver.
    pub(super) fn rest(&self) {
        self.0.turns.rest();
    }

    /// Looks at the statement that runs on this thread, and whether it has to give up; only reading threads' do.
    pub(super) fn look(overdue: impl Fn() -> bool) -> bool {
        READERS.with_borrow(|readers| {
            let Some(readers) = readers else {
                return false;
            };
            match readers.0.turns.look(overdue) {
                Look::Fine => false,
                Look::BecameLong => {
                    if !STREAMING.get() {
                        // Without a stand-in the others wait for this read, and a later look changes nothing.
                        let _ = readers.spawn();
                    }
                    false
                }
                Look::GiveUp => true,
            }
        })
    }

    pub(super) fn runtime(&self) -> &tokio::runtime::Handle {
        &self.0.runtime
    }

    /// Lets the threads end once the queue is empty.
    pub(super) fn close(&self) {
        lock(&self.0.queue).closed = true;
        self.0.filled.notify_all();
    }
}

thread_local! {
    /// Whether this thread has become a stream's and ends with it.
    static STREAMING: std::cell::Cell<bool> = const { std::cell::Cell::new(false) };
    /// Whose thread this is.
    static READERS: std::cell::RefCell<Option<Readers>> = const { std::cell::RefCell::new(None) };
}
