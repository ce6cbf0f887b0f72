//! One open file: its writing connection and its idle reading ones, each opened when first needed.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use busbar_kernel::Result;

use super::connection::{Conn, Manner, Size};

/// So many idle readers may be kept over all files, beyond one for each file.
const IDLE_READERS: usize = 64;

pub(super) struct OpenFile {
    path: PathBuf,
    size: Size,
    manner: Arc<Manner>,
    writer: Mutex<Option<Conn>>,
    /// How often writing has begun or ended: odd while somebody writes.
    writes: AtomicU64,
    idle: Mutex<Vec<Conn>>,
    idle_everywhere: Arc<AtomicUsize>,
}

impl OpenFile {
    pub(super) fn new(
        path: PathBuf,
        size: Size,
        manner: Arc<Manner>,
        idle_everywhere: Arc<AtomicUsize>,
    ) -> Self {
        Self {
            path,
            size,
            manner,
            writer: Mutex::new(None),
            writes: AtomicU64::new(0),
            idle: Mutex::new(Vec::new()),
            idle_everywhere,
        }
    }

    /// Runs `work` with the writing connection, which `work` may keep out when it is broken. Only the file's
    /// writer thread calls this.
    pub(super) fn with_writer<R>(&self, work: impl FnOnce(Conn) -> (Option<Conn>, R)) -> Result<R> {
        let mut writer = lock(&self.writer);
        let _writing = Writing::begin(self);
        let connection = match writer.take() {
            Some(connection) => connection,
            None => Conn::writer(&self.path, self.size, &self.manner)?,
        };
        let (connection, answer) = work(connection);
        *writer = connection;
        Ok(answer)
    }

    /// An idle reading connection, if there is one.
    fn idle_reader(&self) -> Option<Conn> {
        let connection = lock(&self.idle).pop()?;
        self.idle_everywhere.fetch_sub(1, Ordering::Relaxed);
        Some(connection)
    }

    /// An idle reading connection for one look-up, if there is one; its snapshot may be an earlier look-up's as long as
    /// nothing was written since. [`Self::keep`] takes it back.
    pub(super) fn look_up(&self) -> Option<Conn> {
        let mut connection = self.idle_reader()?;
        let writes = self.writes.load(Ordering::SeqCst);
        connection.look_up(writes).ok()?;
        Some(connection)
    }

    /// Gives a look-up's connection back with its snapshot, unless somebody writes by now.
    pub(super) fn keep(&self, connection: Conn) {
        let mut idle = lock(&self.idle);
        // Whoever begins to write raises this first and looks through the idle ones then.
        let unwritten = connection.has_looked_up_at(self.writes.load(Ordering::SeqCst));
        if unwritten && self.has_room(&idle) {
            idle.push(connection);
            self.idle_everywhere.fetch_add(1, Ordering::Relaxed);
        } else {
            drop(idle);
            self.give_back(connection);
        }
    }

    fn has_room(&self, idle: &[Conn]) -> bool {
        idle.is_empty() || self.idle_everywhere.load(Ordering::Relaxed) < IDLE_READERS
    }

    /// A reading connection, idle or new.
    pub(super) fn reader(&self) -> Result<Conn> {
        while let Some(connection) = self.idle_reader() {
            if connection.settle().is_ok() {
                return Ok(connection);
            }
        }
        Conn::reader(&self.path, self.size, &self.manner)
    }

    /// Gives a reading connection back; one with an open transaction is rolled back, a broken one closed.
    pub(super) fn give_back(&self, connection: Conn) {
        if connection.settle().is_err() {
            return;
        }
        let mut idle = lock(&self.idle);
        if self.has_room(&idle) {
            idle.push(connection);
            self.idle_everywhere.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// Somebody writes: no snapshot from before is looked at again, and none keeps the log from being cut back.
struct Writing<'f>(&'f OpenFile);

impl<'f> Writing<'f> {
    fn begin(file: &'f OpenFile) -> Self {
        file.writes.fetch_add(1, Ordering::SeqCst);
        let mut idle = lock(&file.idle);
        let all = idle.len();
        idle.retain_mut(|connection| connection.settle().is_ok());
        file.idle_everywhere
            .fetch_sub(all - idle.len(), Ordering::Relaxed);
        drop(idle);
        Self(file)
    }
}

impl Drop for Writing<'_> {
    fn drop(&mut self) {
        self.0.writes.fetch_add(1, Ordering::SeqCst);
    }
}

impl Drop for OpenFile {
    fn drop(&mut self) {
        let idle = lock(&self.idle).len();
        self.idle_everywhere.fetch_sub(idle, Ordering::Relaxed);
    }
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
