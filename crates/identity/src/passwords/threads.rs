//! The threads that hash passwords: a fixed number, a bounded queue, never the threads that answer requests.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use busbar_kernel::{Error, Result, Secret};
use tokio::sync::oneshot;

use super::hash::{self, Memory};
use super::rules::MAX_BYTES;
use crate::codes;
use crate::config::IdentitySettings;

/// When a caller who found the queue full may come back.
const COME_BACK: Duration = Duration::from_secs(2);

/// What checking a password found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Whether it is the password.
    pub matches: bool,
    /// Whether the stored hash should be made anew: bcrypt, or weaker than today's parameters.
    pub outdated: bool,
}

/// Hashes passwords; clones share the threads, which end with the last clone.
#[derive(Clone)]
pub struct PasswordHasher(Arc<Inner>);

struct Inner {
    queue: SyncSender<Job>,
    computed: Arc<AtomicU64>,
    stand_in: String,
}

enum Job {
    Make {
        password: Secret,
        answer: oneshot::Sender<Result<String>>,
    },
    Check {
        password: Secret,
        stored: String,
        answer: oneshot::Sender<Result<bool>>,
    },
}

impl PasswordHasher {
    /// Starts the threads: `PASSWORD_THREADS`, or one per processor.
    ///
    /// # Errors
    /// When the operating system gives no thread.
    pub fn start(settings: &IdentitySettings) -> Result<Self> {
        let threads = match settings.password_threads {
            0 => std::thread::available_parallelism().map_or(1, usize::from),
            threads => threads,
        };
        let (queue, jobs) = sync_channel(settings.password_queue);
        let jobs = Arc::new(Mutex::new(jobs));
        let computed = Arc::new(AtomicU64::new(0));
        for number in 0..threads {
            let (jobs, computed) = (Arc::clone(&jobs), Arc::clone(&computed));
            std::thread::Builder::new()
                .name(format!("password-{number}"))
                .spawn(move || work(&jobs, &computed))
                .map_err(|error| Error::internal("a hashing thread did not start").source(error))?;
        }
        Ok(Self(Arc::new(Inner {
            queue,
            computed,
            stand_in: hash::nobodys(),
        })))
    }

    /// The hash of a new password.
    ///
    /// # Errors
    /// `identity.busy` with the time to wait when the queue is full.
    pub async fn hash(&self, password: &Secret) -> Result<String> {
        let (answer, answered) = oneshot::channel();
        let password = password.clone();
        self.enqueue(Job::Make { password, answer })?;
        answered.await.map_err(stopped)?
    }

    /// Checks a password. Without a stored hash it takes as long and matches nothing, so that the time of an
    /// answer does not tell whether an account exists.
    ///
    /// # Errors
    /// `identity.busy` with the time to wait when the queue is full.
    pub async fn check(&self, password: &Secret, stored: Option<&str>) -> Result<Verdict> {
        let (answer, answered) = oneshot::channel();
        let fits = password.expose().len() <= MAX_BYTES;
        let known = stored.is_some() && fits;
        let stored = stored.unwrap_or(&self.0.stand_in).to_owned();
        let outdated = known && hash::is_outdated(&stored);
        let password = if fits { password.clone() } else { Secret::new("") };
        self.enqueue(Job::Check {
            password,
            stored,
            answer,
        })?;
        let matches = answered.await.map_err(stopped)?? && known;
        Ok(Verdict { matches, outdated })
    }

    /// How many hashes were computed since the start, for metrics.
    pub fn computed(&self) -> u64 {
        self.0.computed.load(Ordering::Relaxed)
    }

    fn enqueue(&self, job: Job) -> Result<()> {
        self.0.queue.try_send(job).map_err(|error| match error {
            TrySendError::Full(_) => {
                Error::unavailable(codes::BUSY, "Too many sign-ins at once; try again shortly")
                    .retry_after(COME_BACK)
            }
            TrySendError::Disconnected(_) => Error::internal("the hashing threads have ended"),
        })
    }
}

fn stopped(error: oneshot::error::RecvError) -> Error {
    Error::internal("a hashing thread ended before it answered").source(error)
}

fn work(jobs: &Mutex<Receiver<Job>>, computed: &AtomicU64) {
    let mut memory = Memory::default();
    loop {
        let waiting = jobs.try_lock().ok().and_then(|jobs| jobs.try_recv().ok());
        let next = match waiting {
            Some(job) => Ok(job),
            None => {
                // Nobody waits, so nobody is slowed by making it again.
                memory = Memory::default();
                jobs.lock().unwrap_or_else(PoisonError::into_inner).recv()
            }
        };
        // A caller that went away needs no hash: under overload this is what keeps the others alive.
        match next {
            Err(_) => return,
            Ok(Job::Make { password, answer }) if !answer.is_closed() => {
                let made = hash::make(password.expose(), &mut memory);
                computed.fetch_add(1, Ordering::Relaxed);
                answer.send(made).ok();
            }
            Ok(Job::Check {
                password,
                stored,
                answer,
            }) if !answer.is_closed() => {
                let matches = hash::matches(password.expose(), &stored, &mut memory);
                computed.fetch_add(1, Ordering::Relaxed);
                answer.send(matches).ok();
            }
            Ok(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use busbar_kernel::Kind;

    fn settings(threads: usize, queue: usize) -> IdentitySettings {
        IdentitySettings {
            password_threads: threads,
            password_queue: queue,
            ..IdentitySettings::for_tests()
        }
    }

    #[tokio::test]
    async fn an_unknown_account_costs_a_hash_as_well() {
        let hasher = PasswordHasher::start(&settings(1, 8)).unwrap();
        let nobody = hasher.check(&Secret::new("any"), None).await.unwrap();
        assert_eq!((nobody.matches, hasher.computed()), (false, 1));
        let guessed = Secret::new("nobody has this password");
        assert!(!hasher.check(&guessed, None).await.unwrap().matches);
        let endless = Secret::new("x".repeat(MAX_BYTES + 1));
        assert!(!hasher.check(&endless, None).await.unwrap().matches);
        assert_eq!(hasher.computed(), 3);
    }

    #[tokio::test]
    async fn a_full_queue_answers_at_once_with_the_time_to_wait() {
        let hasher = PasswordHasher::start(&settings(1, 1)).unwrap();
        let password = Secret::new("password");
        let burst: Vec<_> = (0..8)
            .map(|_| {
                let (hasher, password) = (hasher.clone(), password.clone());
                tokio::spawn(async move { hasher.hash(&password).await })
            })
            .collect();
        let mut refused = 0;
        for one in burst {
            if let Err(error) = one.await.unwrap() {
                assert_eq!((error.kind(), error.code_str()), (Kind::Unavailable, codes::BUSY));
                assert!(error.retry_after_value().is_some());
                refused += 1;
            }
        }
        assert!(refused >= 1);
        assert!(hasher.hash(&password).await.is_ok());
    }
}
