//! An object store that fails where it is told to.

use std::ops::Range;
use std::sync::Mutex;

use async_trait::async_trait;
use busbar_kernel::{Error, Result};
use busbar_ports::objects::{ByteStream, FormRequest, ObjectInfo, ObjectName, ObjectStore, UploadForm};
use busbar_providers::objects::Folder;

/// Where it fails, once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The bytes are stored, and the caller never hears of it: the process died in between.
    DiesAfterPut,
    /// The bytes cannot be removed.
    CannotDelete,
    /// The bytes were removed just before they are read.
    GoneBeforeGet,
}

/// The folder behind its faults.
pub(crate) struct Faulty {
    inner: Folder,
    next: Mutex<Option<Fault>>,
}

impl Faulty {
    pub(crate) fn over(inner: Folder) -> Self {
        Self {
            inner,
            next: Mutex::new(None),
        }
    }

    /// The next operation that can fail so does.
    pub(crate) fn arm(&self, fault: Fault) {
        *self.next.lock().unwrap() = Some(fault);
    }

    fn fails(&self, fault: Fault) -> bool {
        let mut next = self.next.lock().unwrap();
        let fails = *next == Some(fault);
        if fails {
            *next = None;
        }
        fails
    }
}

#[async_trait]
impl ObjectStore for Faulty {
    async fn put(&self, name: &ObjectName, body: ByteStream, limit: u64) -> Result<u64> {
        let size = self.inner.put(name, body, limit).await?;
        if self.fails(Fault::DiesAfterPut) {
            std::future::pending::<()>().await;
        }
        Ok(size)
    }
    async fn get(&self, name: &ObjectName, range: Option<Range<u64>>) -> Result<ByteStream> {
        if self.fails(Fault::GoneBeforeGet) {
            return Err(Error::not_found("object"));
        }
        self.inner.get(name, range).await
    }
    async fn head(&self, name: &ObjectName) -> Result<Option<ObjectInfo>> {
        self.inner.head(name).await
    }
    async fn delete(&self, name: &ObjectName) -> Result<bool> {
        if self.fails(Fault::CannotDelete) {
            return Err(Error::unavailable("objects.unavailable", "no"));
        }
        self.inner.delete(name).await
    }
    async fn list(&self, prefix: &str, after: Option<&ObjectName>, limit: usize) -> Result<Vec<ObjectInfo>> {
        self.inner.list(prefix, after, limit).await
    }
    async fn check(&self) -> Result<()> {
        self.inner.check().await
    }
    /// A form that only says where it leads, as a store with forms would give one.
    fn form(&self, name: &ObjectName, _: &FormRequest) -> Result<Option<UploadForm>> {
        Ok(Some(UploadForm {
            url: "http://store.example".to_owned(),
            fields: vec![("key", name.to_string())],
        }))
    }
    fn describe(&self) -> String {
        self.inner.describe()
    }
}
