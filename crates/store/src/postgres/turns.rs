//! Long reads take turns: a statement whose last run was long waits for one of a few places, so that scans never take
//! every processor and every connection from short statements.

use std::num::NonZeroUsize;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use busbar_kernel::{Error, Kind, Result};
use lru::LruCache;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::timeout;

use crate::settings::PostgresSettings;

/// A run that takes so long is long. Short statements stay below it even while they wait for a processor.
const LONG_AFTER: Duration = Duration::from_millis(100);
/// So many long statements are remembered.
const REMEMBERED: usize = 1024;

/// A statement: what its names mean, and its text's number.
type Key = (Arc<str>, u64);

/// The turns of all requests' reads.
pub(super) struct Turns {
    long: Mutex<LruCache<Key, ()>>,
    places: Semaphore,
    wait: Duration,
}

/// One run of a statement.
pub(super) struct Turn<'t> {
    turns: &'t Turns,
    key: Key,
    place: Option<SemaphorePermit<'t>>,
}

impl Turns {
    /// One processor is always left to short statements, where there are several.
    pub(super) fn new(settings: &PostgresSettings) -> Self {
        let places = match settings.long_reads {
            0 => std::thread::available_parallelism().map_or(1, |cores| cores.get().saturating_sub(1).max(1)),
            set => set,
        };
        Self {
            long: Mutex::new(LruCache::new(
                NonZeroUsize::new(REMEMBERED).unwrap_or(NonZeroUsize::MIN),
            )),
            places: Semaphore::new(places.min(Semaphore::MAX_PERMITS)),
            wait: settings.acquire_timeout,
        }
    }

    /// Begins a run, before a connection is taken: one whose last run was long waits for a place.
    ///
    /// # Errors
    /// `store.overloaded` when no place becomes free in time.
    pub(super) async fn begin(&self, place: &Arc<str>, text: u64) -> Result<Turn<'_>> {
        let key = (place.clone(), text);
        let known = self.remembered().get(&key).is_some();
        let place = match known {
            true => Some(self.place().await?),
            false => None,
        };
        Ok(Turn {
            turns: self,
            key,
            place,
        })
    }

    async fn place(&self) -> Result<SemaphorePermit<'_>> {
        match timeout(self.wait, self.places.acquire()).await {
            Ok(Ok(place)) => Ok(place),
            _ => Err(Error::new(
                Kind::Unavailable,
                "store.overloaded",
                "Too many long reads wait for the database",
            )
            .wire_code("53000")
            .retry_after(Duration::from_secs(1))),
        }
    }

    fn remembered(&self) -> std::sync::MutexGuard<'_, LruCache<Key, ()>> {
        self.long.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Turn<'_> {
    /// Runs the statement and remembers whether it was long. One that turns out to be long goes on, and takes the next
    /// free place meanwhile.
    pub(super) async fn run<T>(self, work: impl Future<Output = T>) -> T {
        let mut work = pin!(work);
        let short = timeout(LONG_AFTER, &mut work).await;
        if let Ok(done) = short {
            self.turns.remembered().pop(&self.key);
            return done;
        }
        self.turns.remembered().put(self.key.clone(), ());
        if self.place.is_some() {
            return work.await;
        }
        tokio::select! {
            biased;
            done = &mut work => done,
            place = self.turns.places.acquire() => {
                let done = work.await;
                drop(place);
                done
            }
        }
    }
}

/// Runs work in its turn, where it takes one.
pub(super) async fn in_turn<T>(turn: Option<Turn<'_>>, work: impl Future<Output = T>) -> T {
    match turn {
        Some(turn) => turn.run(work).await,
        None => work.await,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use crate::StoreSettings;

    fn turns(long_reads: usize, wait: Duration) -> Turns {
        let mut settings = StoreSettings::postgres("postgres://u@h/d").postgres.unwrap();
        settings.long_reads = long_reads;
        settings.acquire_timeout = wait;
        Turns::new(&settings)
    }

    #[tokio::test(start_paused = true)]
    async fn long_reads_wait_for_each_other_and_short_ones_for_nobody() {
        let turns = turns(1, Duration::from_secs(60));
        let place: Arc<str> = "public".into();
        let (running, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let run = |text: u64, takes: u64| {
            let (turns, place, running, most) = (&turns, place.clone(), &running, &most);
            async move {
                let turn = turns.begin(&place, text).await.unwrap();
                turn.run(async {
                    most.fetch_max(running.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                    tokio::time::sleep(Duration::from_millis(takes)).await;
                    running.fetch_sub(1, Ordering::SeqCst);
                })
                .await;
            }
        };
        run(7, 500).await;
        futures_util::future::join_all((0..4).map(|_| run(7, 500))).await;
        assert_eq!(most.load(Ordering::SeqCst), 1);
        // Nobody knows yet that these are long.
        futures_util::future::join_all((10..14).map(|text| run(text, 500))).await;
        assert_eq!(most.swap(0, Ordering::SeqCst), 4);
        // A short run beside a long one does not wait, and what was short once is no longer held to be long.
        let began = tokio::time::Instant::now();
        tokio::join!(run(7, 500), run(1, 5));
        run(7, 5).await;
        assert_eq!(began.elapsed(), Duration::from_millis(505));
        futures_util::future::join_all((0..4).map(|_| run(7, 5))).await;
        assert_eq!(most.load(Ordering::SeqCst), 4);
    }

    #[tokio::test(start_paused = true)]
    async fn a_place_that_never_comes_is_refused() {
        let turns = turns(1, Duration::from_secs(1));
        let place: Arc<str> = "public".into();
        turns
            .begin(&place, 7)
            .await
            .unwrap()
            .run(tokio::time::sleep(LONG_AFTER * 2))
            .await;
        let first = turns.begin(&place, 7).await.unwrap();
        let refused = turns.begin(&place, 7).await.err().unwrap();
        assert_eq!(
            (refused.code_str(), refused.wire_code_str()),
            ("store.overloaded", Some("53000"))
        );
        first.run(async {}).await;
        assert!(turns.begin(&place, 7).await.is_ok());
    }
}
