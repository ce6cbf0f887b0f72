//! Which files are open: at most so many, the least recently used closed first.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use busbar_kernel::{Error, Kind, Result};

use super::connection::{Manner, Size};
use super::file::{OpenFile, lock};

/// How long a caller waits when every open file is in use.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long it waits between two looks.
const LOOK_AGAIN: Duration = Duration::from_millis(5);
/// Descriptors kept for sockets and other files when the process may have few.
const SPARE_DESCRIPTORS: usize = 256;
/// What one open file may hold: file and log twice, and their common memory.
const DESCRIPTORS_PER_FILE: usize = 5;

/// A file that is open or can be opened again; one per scope.
pub(super) struct Slot {
    path: PathBuf,
    size: Size,
    file: Mutex<Option<Arc<OpenFile>>>,
    used: AtomicU64,
    /// The writer thread it stays with.
    pub(super) writer: usize,
}

/// The open files.
pub(super) struct Files {
    manner: Arc<Manner>,
    limit: usize,
    open: Mutex<Vec<Arc<Slot>>>,
    tick: AtomicU64,
    idle_readers: Arc<AtomicUsize>,
}

impl Files {
    pub(super) fn new(manner: Manner, limit: usize) -> Self {
        Self {
            manner: Arc::new(manner),
            limit: limit.min(affordable()),
            open: Mutex::new(Vec::new()),
            tick: AtomicU64::new(0),
            idle_readers: Arc::new(AtomicUsize::new(0)),
        }
    }

    /// How connections of these files are opened.
    pub(super) fn manner(&self) -> Arc<Manner> {
        self.manner.clone()
    }

    pub(super) fn slot(path: PathBuf, size: Size, writer: usize) -> Arc<Slot> {
        Arc::new(Slot {
            path,
            size,
            file: Mutex::new(None),
            used: AtomicU64::new(0),
            writer,
        })
    }

    /// The slot's file if it is open.
    pub(super) fn current(&self, slot: &Slot) -> Option<Arc<OpenFile>> {
        let file = lock(&slot.file).clone()?;
        slot.used
            .store(self.tick.fetch_add(1, Ordering::Relaxed), Ordering::Relaxed);
        Some(file)
    }

    /// The slot's file, opened when it is not, after closing the least recently used idle one at the limit.
    ///
    /// # Errors
    /// Every open file has been in use for ten seconds.
    pub(super) async fn open(self: &Arc<Self>, slot: &Arc<Slot>) -> Result<Arc<OpenFile>> {
        if let Some(file) = self.current(slot) {
            return Ok(file);
        }
        let attempts = PATIENCE.as_millis() / LOOK_AGAIN.as_millis();
        for _ in 0..attempts {
            let (files, slot) = (self.clone(), slot.clone());
            let opened = tokio::task::spawn_blocking(move || files.try_open(&slot)).await;
            match opened.map_err(|error| Error::internal("opening a file failed").source(error))? {
                Some(file) => return Ok(file),
                None => tokio::time::sleep(LOOK_AGAIN).await,
            }
        }
        Err(overloaded("All database files that may be open are in use"))
    }

    fn try_open(&self, slot: &Arc<Slot>) -> Option<Arc<OpenFile>> {
        let mut open = lock(&self.open);
        if let Some(file) = self.current(slot) {
            return Some(file);
        }
        let closed = if open.len() < self.limit {
            None
        } else {
            Some(least_used(&mut open)?)
        };
        let (path, manner) = (slot.path.clone(), self.manner.clone());
        let file = Arc::new(OpenFile::new(path, slot.size, manner, self.idle_readers.clone()));
        *lock(&slot.file) = Some(file.clone());
        slot.used
            .store(self.tick.fetch_add(1, Ordering::Relaxed), Ordering::Relaxed);
        open.push(slot.clone());
        // Closing may move a log into its file: others need not wait for that.
        drop(open);
        drop(closed);
        Some(file)
    }

    /// Closes every file that is not in use.
    pub(super) fn close_all(&self) {
        let mut open = lock(&self.open);
        while least_used(&mut open).is_some() {}
    }
}

/// Takes the file used longest ago and by nobody now out of the list.
fn least_used(open: &mut Vec<Arc<Slot>>) -> Option<Arc<OpenFile>> {
    let mut by_age: Vec<usize> = (0..open.len()).collect();
    // Read once each: they change while this sorts.
    by_age.sort_by_cached_key(|index| open[*index].used.load(Ordering::Relaxed));
    for index in by_age {
        let mut file = lock(&open[index].file);
        if file.as_ref().is_some_and(|file| Arc::strong_count(file) == 1) {
            let taken = file.take();
            drop(file);
            open.swap_remove(index);
            return taken;
        }
    }
    None
}

/// How many files the process' limit of descriptors allows, where the system tells it.
fn affordable() -> usize {
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let soft = limits
        .lines()
        .find_map(|line| line.strip_prefix("Max open files"))
        .and_then(|line| line.split_whitespace().next()?.parse::<usize>().ok());
    soft.map_or(usize::MAX, |soft| {
        (soft.saturating_sub(SPARE_DESCRIPTORS) / DESCRIPTORS_PER_FILE).max(8)
    })
}

/// Too much is waiting; the same may succeed in a second.
pub(super) fn overloaded(message: &'static str) -> Error {
    Error::new(Kind::Unavailable, "store.overloaded", message)
        .wire_code("53000")
        .retry_after(Duration::from_secs(1))
}
