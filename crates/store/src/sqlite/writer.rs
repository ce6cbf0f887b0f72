//! The writer threads: they gather what waits and commit it in groups.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::time::Duration;

use busbar_kernel::{Error, Result};
use tokio::sync::oneshot;

use super::connection::{Conn, Told};
use super::file::OpenFile;
use super::files::overloaded;
use super::group;
use crate::sql::Ready;
use crate::{Step, StepRows};

/// The most batches that share one commit.
const GROUP: usize = 1024;

/// Statements that succeed or fail together and share a commit with others.
pub(super) struct Batch {
    pub(super) statements: Vec<Ready>,
    pub(super) steps: Vec<Step>,
    pub(super) limit: Duration,
    /// On whose behalf.
    pub(super) told: Told,
    pub(super) reply: oneshot::Sender<Result<Vec<StepRows>>>,
}

/// Work that has the connection to itself; it answers its caller, and keeps a broken connection out.
pub(super) type Alone = Box<dyn FnOnce(Result<Conn>) -> Option<Conn> + Send>;

enum Job {
    Batch(Arc<OpenFile>, Batch),
    Alone(Arc<OpenFile>, Alone),
    Drain(oneshot::Sender<()>),
}

/// A writer thread's queue.
#[derive(Clone)]
pub(super) struct Writer {
    jobs: SyncSender<Job>,
    /// How many were put there and not taken yet.
    waiting: Arc<AtomicUsize>,
}

impl Writer {
    /// Starts a writer thread whose queue holds `waiting` jobs.
    pub(super) fn start(waiting: usize, runtime: tokio::runtime::Handle) -> Result<Self> {
        let (sender, jobs) = sync_channel(waiting);
        let waiting = Arc::new(AtomicUsize::new(0));
        let taken = waiting.clone();
        std::thread::Builder::new()
            .name("sqlite-writer".to_owned())
            .spawn(move || {
                // With the runtime at hand a transaction that waits for something outside is told so.
                let _runtime = runtime.enter();
                work(&jobs, &taken);
            })
            .map_err(|error| Error::internal("a thread cannot be started").source(error))?;
        Ok(Self {
            jobs: sender,
            waiting,
        })
    }

    fn submit(&self, job: Job) -> Result<()> {
        // Counted first, so that it is never taken before it is counted.
        self.waiting.fetch_add(1, Ordering::Relaxed);
        self.jobs.try_send(job).map_err(|refused| {
            self.waiting.fetch_sub(1, Ordering::Relaxed);
            match refused {
                TrySendError::Full(_) => overloaded("Too many writes are waiting for the database"),
                TrySendError::Disconnected(_) => super::closed(),
            }
        })
    }

    /// Queues a batch.
    ///
    /// # Errors
    /// `store.overloaded` when the queue is full.
    pub(super) fn batch(&self, file: Arc<OpenFile>, batch: Batch) -> Result<()> {
        self.submit(Job::Batch(file, batch))
    }

    /// Queues work that runs in no group.
    ///
    /// # Errors
    /// `store.overloaded` when the queue is full.
    pub(super) fn alone(&self, file: Arc<OpenFile>, work: Alone) -> Result<()> {
        self.submit(Job::Alone(file, work))
    }

    /// How many jobs wait.
    pub(super) fn waiting(&self) -> &Arc<AtomicUsize> {
        &self.waiting
    }

    /// Waits until everything queued so far is done.
    pub(super) async fn drain(&self) {
        let (done, waiting) = oneshot::channel();
        let (sender, counted) = (self.jobs.clone(), self.waiting.clone());
        let sent = tokio::task::spawn_blocking(move || {
            counted.fetch_add(1, Ordering::Relaxed);
            sender.send(Job::Drain(done)).is_ok()
        })
        .await;
        if sent.unwrap_or(false) {
            let _ = waiting.await;
        }
    }
}

fn work(jobs: &Receiver<Job>, waiting: &AtomicUsize) {
    let mut groups: Vec<(Arc<OpenFile>, Vec<Batch>)> = Vec::new();
    while let Ok(first) = jobs.recv() {
        let gathered = std::iter::once(first).chain(jobs.try_iter().take(GROUP - 1));
        for job in gathered {
            waiting.fetch_sub(1, Ordering::Relaxed);
            match job {
                Job::Batch(file, batch) => {
                    match groups.iter_mut().find(|(known, _)| Arc::ptr_eq(known, &file)) {
                        Some((_, batches)) => batches.push(batch),
                        None => groups.push((file, vec![batch])),
                    }
                }
                Job::Alone(file, work) => {
                    commit(&mut groups);
                    alone(&file, work);
                }
                Job::Drain(done) => {
                    commit(&mut groups);
                    let _ = done.send(());
                }
            }
        }
        commit(&mut groups);
    }
}

fn commit(groups: &mut Vec<(Arc<OpenFile>, Vec<Batch>)>) {
    for (file, batches) in groups.drain(..) {
        // A check that panics loses its group's replies and the connection, not the thread.
        let _ = catch_unwind(AssertUnwindSafe(|| group::run(&file, batches)));
    }
}

fn alone(file: &OpenFile, work: Alone) {
    let _ = catch_unwind(AssertUnwindSafe(|| {
        let mut work = Some(work);
        let opened = file.with_writer(|connection| {
            let kept = work.take().and_then(|work| work(Ok(connection)));
            (kept, ())
        });
        if let (Err(error), Some(work)) = (opened, work) {
            work(Err(error));
        }
    }));
}
