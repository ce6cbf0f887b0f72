//! Changes of folders that survive a loss of power.

use std::fs::{self, File};
use std::io;
use std::path::Path;

/// Creates `folder` and what is missing above it, and syncs every folder that gained an entry.
pub(super) fn create_folder(folder: &Path) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    let Some(parent) = folder.parent() else {
        return Ok(());
    };
    create_folder(parent)?;
    match fs::create_dir(folder) {
        // Whoever made it first may not have synced it yet, so both do.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => sync_folder(parent),
        Err(error) => Err(error),
        Ok(()) => sync_folder(parent),
    }
}

/// Moves a synced file to its place and syncs the place.
pub(super) fn rename(from: &Path, to: &Path) -> io::Result<()> {
    fs::rename(from, to)?;
    to.parent().map_or(Ok(()), sync_folder)
}

fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}
