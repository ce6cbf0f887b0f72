//! The folder of backups: private, with a name of its own, and held by the process that makes them.

use std::fs::{File, OpenOptions};
use std::path::PathBuf;

use busbar_kernel::{Error, Result, random};

/// A folder.
pub(super) struct Place {
    pub(super) folder: PathBuf,
    /// Tells this folder from those of other machines on the same database.
    pub(super) id: String,
    /// Held until the process ends, however it ends.
    lock: Option<File>,
}

impl Place {
    /// Makes the folder when it is missing.
    ///
    /// # Errors
    /// It cannot be made or written to.
    pub(super) fn open(folder: PathBuf) -> Result<Self> {
        let trouble = |error: std::io::Error| {
            Error::internal("the folder of backups cannot be used")
                .with("folder", folder.display().to_string())
                .source(error)
        };
        private(&folder).map_err(trouble)?;
        let name = folder.join("place");
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(folder.join("lock"))
            .map_err(trouble)?;
        let lock = file.try_lock().is_ok().then_some(file);
        let known = std::fs::read_to_string(&name).unwrap_or_default();
        let id = match known.trim() {
            "" => {
                let id = random::hex(16);
                std::fs::write(&name, &id).map_err(trouble)?;
                id
            }
            known => known.to_owned(),
        };
        Ok(Self { folder, id, lock })
    }

    /// Removes what was left half-way: everything that is neither a whole backup nor the folder's own.
    ///
    /// # Errors
    /// A file that cannot be removed.
    pub(super) fn tidy(&self) -> Result<()> {
        let trouble = |error| Error::internal("the folder of backups cannot be tidied").source(error);
        for entry in std::fs::read_dir(&self.folder).map_err(trouble)?.flatten() {
            let path = entry.path();
            let kind = path
                .extension()
                .and_then(|kind| kind.to_str())
                .unwrap_or_default();
            if matches!(kind, "part" | "list" | "next" | "next-shm" | "next-wal") {
                std::fs::remove_file(&path).map_err(trouble)?;
            }
        }
        Ok(())
    }

    /// Whether no other process has the folder.
    pub(super) fn is_ours(&self) -> bool {
        self.lock.is_some()
    }
}

/// Makes a folder that only this account enters.
fn private(folder: &std::path::Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
}
