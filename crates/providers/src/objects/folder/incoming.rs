//! Files that are still being written, and the sweep of those whose writer is dead.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use busbar_kernel::random;

use super::durable::{self, Folders};

/// The file in a process's folder that it holds locked for as long as it lives.
const ALIVE: &str = "alive";

/// This process's own folder under `incoming/`.
pub(super) struct Incoming {
    own: PathBuf,
    /// The lock is the operating system's: it goes when the process does, however it ends.
    _alive: File,
}

impl Incoming {
    /// Removes the folders of dead processes below `incoming`, which is there, and makes one for this process.
    pub(super) fn open(incoming: &Path) -> io::Result<Self> {
        let door = File::create(incoming.join("door"))?;
        // Held while looking and while moving in, so that nobody's new folder is taken for a dead one.
        door.lock()?;
        for entry in fs::read_dir(incoming)? {
            let path = entry?.path();
            if path.is_dir() && is_dead(&path)? {
                fs::remove_dir_all(&path)?;
            }
        }
        let own = incoming.join(random::hex(8));
        fs::create_dir(&own)?;
        let alive = File::create(own.join(ALIVE))?;
        alive.lock()?;
        Ok(Self { own, _alive: alive })
    }

    /// A place for one file; it is removed again unless the file is moved out of it.
    pub(super) fn draft(&self) -> Draft {
        Draft {
            path: self.own.join(random::hex(16)),
            placed: false,
        }
    }
}

impl Drop for Incoming {
    fn drop(&mut self) {
        // Whatever stays is swept by the next process.
        let _ = fs::remove_dir_all(&self.own);
    }
}

fn is_dead(folder: &Path) -> io::Result<bool> {
    let alive = match File::open(folder.join(ALIVE)) {
        Ok(alive) => alive,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(true),
        Err(error) => return Err(error),
    };
    match alive.try_lock() {
        Ok(()) => Ok(true),
        Err(TryLockError::WouldBlock) => Ok(false),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

/// A file on its way in.
pub(super) struct Draft {
    path: PathBuf,
    placed: bool,
}

impl Draft {
    /// Where it is written.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Moves it, synced before by the caller, to `target`, whose folder is made when it is missing.
    pub(super) fn place(mut self, folders: &Folders, target: &Path) -> io::Result<()> {
        let folder = target.parent().unwrap_or(target);
        folders.ensure(folder)?;
        durable::rename(&self.path, target).inspect_err(|_| folders.forget(folder))?;
        self.placed = true;
        Ok(())
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if !self.placed {
            // Whatever stays is swept by the next process.
            let _ = fs::remove_file(&self.path);
        }
    }
}
