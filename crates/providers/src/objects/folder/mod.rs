//! Objects in a folder of this machine's disk: written aside, synced, then renamed into place.

mod durable;
mod incoming;
mod listing;

use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;
use busbar_kernel::{Error, Result};
use busbar_ports::objects::{ByteStream, ObjectInfo, ObjectName, ObjectStore, too_large};
use futures_util::StreamExt;
use tokio::fs::{File, OpenOptions};
use tokio::io::{AsyncReadExt, AsyncSeekExt, AsyncWriteExt};
use tokio_util::io::ReaderStream;

use durable::Folders;
use incoming::Incoming;

/// How much of a file is in memory at once while it is read.
const READ_CHUNK: usize = 64 * 1024;

/// The embedded object store: a folder, with `objects/` for what is stored and `incoming/` for what is on
/// its way.
pub struct Folder {
    objects: PathBuf,
    incoming: Incoming,
    folders: Arc<Folders>,
}

impl Folder {
    /// Opens the folder at `root`, creating it when it is missing, and sweeps what dead processes left half
    /// written. Several processes may share one folder.
    ///
    /// # Errors
    /// When the folder cannot be created or written to.
    pub async fn open(root: &Path) -> Result<Self> {
        let root = std::path::absolute(root).map_err(|error| unavailable(error, "resolve"))?;
        blocking("open", move || {
            let objects = root.join("objects");
            let incoming = root.join("incoming");
            let folders = Folders::default();
            folders.ensure(&objects)?;
            folders.ensure(&incoming)?;
            Ok(Self {
                objects,
                incoming: Incoming::open(&incoming)?,
                folders: Arc::new(folders),
            })
        })
        .await
    }

    /// The name is checked by its type, so joining it cannot leave the folder.
    fn path(&self, name: &ObjectName) -> PathBuf {
        self.objects.join(name.as_str())
    }
}

#[async_trait]
impl ObjectStore for Folder {
    async fn put(&self, name: &ObjectName, mut body: ByteStream, limit: u64) -> Result<u64> {
        let draft = self.incoming.draft();
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        options.mode(0o600);
        let mut file = options
            .open(draft.path())
            .await
            .map_err(|error| unavailable(error, "create"))?;
        let mut size = 0u64;
        while let Some(chunk) = body.next().await {
            let chunk = chunk?;
            size += chunk.len() as u64;
            if size > limit {
                return Err(too_large(limit));
            }
            file.write_all(&chunk)
                .await
                .map_err(|error| unavailable(error, "write"))?;
        }
        file.flush().await.map_err(|error| unavailable(error, "write"))?;
        let file = file.into_std().await;
        let (target, folders) = (self.path(name), Arc::clone(&self.folders));
        blocking("store", move || {
            file.sync_all()?;
            draft.place(&folders, &target)
        })
        .await?;
        Ok(size)
    }

    async fn get(&self, name: &ObjectName, range: Option<Range<u64>>) -> Result<ByteStream> {
        let mut file = File::open(self.path(name))
            .await
            .map_err(|error| trouble(error, "open"))?;
        let metadata = file.metadata().await.map_err(|error| trouble(error, "look"))?;
        let range = range.unwrap_or(0..metadata.len());
        if range.start > range.end || range.end > metadata.len() {
            return Err(Error::invalid("range", "The file has no such part").code("objects.range"));
        }
        if range.start > 0 {
            let start = io::SeekFrom::Start(range.start);
            file.seek(start).await.map_err(|error| trouble(error, "seek"))?;
        }
        let part = file.take(range.end - range.start);
        let chunks = ReaderStream::with_capacity(part, READ_CHUNK);
        Ok(chunks
            .map(|chunk| chunk.map_err(|error| trouble(error, "read")))
            .boxed())
    }

    async fn head(&self, name: &ObjectName) -> Result<Option<ObjectInfo>> {
        match tokio::fs::metadata(self.path(name)).await {
            Ok(metadata) if metadata.is_file() => Ok(Some(ObjectInfo {
                name: name.clone(),
                size: metadata.len(),
            })),
            Ok(_) => Ok(None),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(trouble(error, "look")),
        }
    }

    async fn delete(&self, name: &ObjectName) -> Result<bool> {
        match tokio::fs::remove_file(self.path(name)).await {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(trouble(error, "delete")),
        }
    }

    async fn list(&self, prefix: &str, after: Option<&ObjectName>, limit: usize) -> Result<Vec<ObjectInfo>> {
        let wanted = listing::Wanted {
            prefix: prefix.to_owned(),
            after: after.map(|name| name.as_str().to_owned()),
            limit,
        };
        let objects = self.objects.clone();
        blocking("list", move || listing::list(&objects, &wanted)).await
    }

    async fn check(&self) -> Result<()> {
        let draft = self.incoming.draft();
        blocking("check", move || {
            std::fs::write(draft.path(), b"busbar")?;
            std::fs::File::open(draft.path())?.sync_all()
        })
        .await
    }

    fn describe(&self) -> String {
        let root = self.objects.parent().unwrap_or(&self.objects);
        format!("local files in {}", root.display())
    }
}

/// Runs `work` where it may wait for the disk.
async fn blocking<T, F>(what: &'static str, work: F) -> Result<T>
where
    T: Send + 'static,
    F: FnOnce() -> io::Result<T> + Send + 'static,
{
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done.map_err(|error| unavailable(error, what)),
        Err(stopped) => Err(Error::internal("a file operation stopped").source(stopped)),
    }
}

/// Trouble with stored bytes; where there are none, they are not found.
fn trouble(error: io::Error, what: &'static str) -> Error {
    match error.kind() {
        io::ErrorKind::NotFound => Error::not_found("object").with("operation", what).source(error),
        _ => unavailable(error, what),
    }
}

/// Trouble with the place itself.
fn unavailable(error: io::Error, what: &'static str) -> Error {
    let told = match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            Error::unavailable("objects.full", "There is no room left for files").temporary(false)
        }
        _ => Error::unavailable("objects.unavailable", "The files cannot be reached at the moment"),
    };
    told.with("operation", what).source(error)
}
