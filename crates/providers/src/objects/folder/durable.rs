//! Changes of folders that survive a loss of power.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// The folders that this process knows to survive: made and synced by itself, or synced once more by it,
/// because whoever made them may have been cut off before the sync.
#[derive(Default)]
pub(super) struct Folders(Mutex<HashSet<PathBuf>>);

impl Folders {
    /// Creates `folder` and what is missing above it, and syncs every folder that gained an entry.
    pub(super) fn ensure(&self, folder: &Path) -> io::Result<()> {
        // Held while working: a second caller must not find a folder that is there and not yet synced.
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.contains(folder) {
            return Ok(());
        }
        create(folder)?;
        known.insert(folder.to_owned());
        Ok(())
    }

    /// Somebody removed it: the next who needs it makes it again.
    pub(super) fn forget(&self, folder: &Path) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.remove(folder);
    }
}

fn create(folder: &Path) -> io::Result<()> {
    let Some(parent) = folder.parent() else {
        return Ok(());
    };
    if !parent.is_dir() {
        create(parent)?;
    }
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    match builder.create(folder) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && folder.is_dir() => {}
        made => made?,
    }
    sync_folder(parent)
}

/// Moves a synced file to its place and syncs the place.
pub(super) fn rename(from: &Path, to: &Path) -> io::Result<()> {
    fs::rename(from, to)?;
    to.parent().map_or(Ok(()), sync_folder)
}

fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}
