//! One open file: its writing connection and its idle reading ones, each opened when first needed.

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
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
            idle: Mutex::new(Vec::new()),
            idle_everywhere,
        }
    }

    /// Runs `work` with the writing connection, which `work` may keep out when it is broken. Only the file's
    /// writer thread calls this.
    pub(super) fn with_writer<R>(&self, work: impl FnOnce(Conn) -> (Option<Conn>, R)) -> Result<R> {
        let mut writer = lock(&self.writer);
        let connection = match writer.take() {
            Some(connection) => connection,
            None => Conn::writer(&self.path, self.size, &self.manner)?,
        };
        let (connection, answer) = work(connection);
        *writer = connection;
        Ok(answer)
    }

    /// An idle reading connection, if there is one.
    pub(super) fn idle_reader(&self) -> Option<Conn> {
        let connection = lock(&self.idle).pop()?;
        self.idle_everywhere.fetch_sub(1, Ordering::Relaxed);
        Some(connection)
    }

    /// A reading connection, idle or new.
    pub(super) fn reader(&self) -> Result<Conn> {
        match self.idle_reader() {
            Some(connection) => Ok(connection),
            None => Conn::reader(&self.path, self.size, &self.manner),
        }
    }

    /// Gives a reading connection back; one with an open transaction is rolled back, a broken one closed.
    pub(super) fn give_back(&self, connection: Conn) {
        if connection.settle().is_err() {
            return;
        }
        let mut idle = lock(&self.idle);
        if idle.is_empty() || self.idle_everywhere.load(Ordering::Relaxed) < IDLE_READERS {
            idle.push(connection);
            self.idle_everywhere.fetch_add(1, Ordering::Relaxed);
        }
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
