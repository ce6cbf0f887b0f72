//! One process per data folder.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;

use busbar_kernel::{Error, Kind, Result};

/// Holds the folder until it is dropped or the process ends, however it ends.
#[derive(Debug)]
pub(super) struct FolderLock {
    _file: File,
}

impl FolderLock {
    /// Takes the folder.
    ///
    /// # Errors
    /// Another process, or another store of this one, holds it; the message names the folder.
    pub(super) fn take(folder: &Path) -> Result<Self> {
        let trouble = |what: &str, error: std::io::Error| {
            let message = format!("The data folder {} {what}", folder.display());
            Error::new(Kind::Unavailable, "store.folder", message).source(error)
        };
        private_folder(folder).map_err(|error| trouble("cannot be made", error))?;
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(folder.join("busbar.lock"))
            .map_err(|error| trouble("cannot be written to", error))?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(Error::new(
                Kind::Unavailable,
                "store.folder_in_use",
                format!(
                    "The data folder {} is in use by another Busbar: stop it, or choose another DATA_DIR",
                    folder.display()
                ),
            )),
            Err(TryLockError::Error(error)) => Err(trouble("cannot be locked", error)),
        }
    }
}

/// Makes a folder that only the account of this process may enter: it holds everybody's rows.
pub(super) fn private_folder(folder: &std::path::Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
}
