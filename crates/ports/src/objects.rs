//! Where the bytes of files lie: put, get, look, delete and list, under names of our own making.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;
use std::time::Duration;

use async_trait::async_trait;
use busbar_kernel::ids::Id;
use busbar_kernel::{Error, Result};
use bytes::Bytes;
use futures_util::stream::BoxStream;

/// Bytes on their way: in from an upload, out to a download. The stream ends at its first error.
pub type ByteStream = BoxStream<'static, Result<Bytes>>;

/// The name under which bytes are stored: segments of `a-z`, `0-9`, `_` and `-`, joined by `/`.
///
/// What people call their files never becomes such a name, and a name cannot hold a dot, so no store can be
/// led out of its place by one.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ObjectName(String);

impl ObjectName {
    /// The most bytes a name may have.
    pub const MAX_LENGTH: usize = 200;

    /// The name of the bytes that carry `id` in the room `room`: on one of 256 shelves, so that no folder grows
    /// without bound. A room belongs to one database, so that two of them can share a place.
    pub fn of(room: Id, id: Id) -> Self {
        let id = id.to_string();
        let shelf = &id[id.len() - 2..];
        Self(format!("{room}/{shelf}/{id}"))
    }

    /// What the names of a room begin with.
    pub fn prefix_of(room: Id) -> String {
        format!("{room}/")
    }

    /// The identifier inside a name that [`ObjectName::of`] made for `room`; `None` for any other.
    pub fn id_in(&self, room: Id) -> Option<Id> {
        let id = self.0.rsplit('/').next()?.parse().ok()?;
        (Self::of(room, id) == *self).then_some(id)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ObjectName {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let segment = |segment: &str| {
            !segment.is_empty()
                && segment
                    .bytes()
                    .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-'))
        };
        if text.len() <= Self::MAX_LENGTH && text.split('/').all(segment) {
            Ok(Self(text.to_owned()))
        } else {
            Err(Error::invalid("name", "This is not the name of stored bytes").code("objects.name_invalid"))
        }
    }
}

impl fmt::Display for ObjectName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl fmt::Debug for ObjectName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "object:{}", self.0)
    }
}

/// What is known of stored bytes without reading them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectInfo {
    /// Their name.
    pub name: ObjectName,
    /// How many there are.
    pub size: u64,
}

/// What an address of stored bytes is to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkRequest {
    /// How long it is good, at most [`LinkRequest::LONGEST`].
    pub lifetime: Duration,
    /// The type that the answer is to carry.
    pub content_type: Option<String>,
    /// The answer's `Content-Disposition`.
    pub disposition: Option<String>,
}

impl LinkRequest {
    /// Seven days, the longest that S3 allows.
    pub const LONGEST: Duration = Duration::from_secs(604_800);
}

/// What a form that leads to the place itself is to allow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormRequest {
    /// How long it is good.
    pub lifetime: Duration,
    /// The most bytes that it takes.
    pub largest: u64,
}

/// A form that a client posts to the place itself, its file as the last field, `file`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UploadForm {
    /// Where it goes.
    pub url: String,
    /// The fields before the file.
    pub fields: Vec<(&'static str, String)>,
}

/// A place for bytes. Every provider of it passes the same conformance suite.
#[async_trait]
pub trait ObjectStore: Send + Sync + 'static {
    /// Stores `body` under `name`, replacing what was there, and answers the number of bytes.
    ///
    /// It returns only when the bytes survive a loss of power; a reader sees the old bytes or the new ones,
    /// never a mixture, and a failure or a dropped future leaves nothing behind. Memory does not grow with
    /// the body.
    ///
    /// # Errors
    /// `objects.too_large` as soon as more than `limit` bytes came; the body's own error; trouble with the
    /// place.
    async fn put(&self, name: &ObjectName, body: ByteStream, limit: u64) -> Result<u64>;

    /// The bytes, or the part of them that `range` names (the end is exclusive and must not pass the size).
    ///
    /// # Errors
    /// `object.not_found`; `objects.range` for a part that is not there; trouble with the place.
    async fn get(&self, name: &ObjectName, range: Option<Range<u64>>) -> Result<ByteStream>;

    /// Their size, `None` when there are none.
    ///
    /// # Errors
    /// Trouble with the place.
    async fn head(&self, name: &ObjectName) -> Result<Option<ObjectInfo>>;

    /// Removes them and answers whether they were there; removing twice is no error.
    ///
    /// # Errors
    /// Trouble with the place.
    async fn delete(&self, name: &ObjectName) -> Result<bool>;

    /// The names that begin with `prefix` and come after `after`, in the order of their text, at most
    /// `limit` of them.
    ///
    /// # Errors
    /// Trouble with the place.
    async fn list(&self, prefix: &str, after: Option<&ObjectName>, limit: usize) -> Result<Vec<ObjectInfo>>;

    /// Whether the place can be written to now, for health and `doctor`.
    ///
    /// # Errors
    /// Why it cannot.
    async fn check(&self) -> Result<()>;

    /// An address from which the bytes can be read without us, `None` where the place gives none.
    ///
    /// # Errors
    /// When it cannot be signed.
    fn link(&self, _name: &ObjectName, _wanted: &LinkRequest) -> Result<Option<String>> {
        Ok(None)
    }

    /// A form by which bytes can be stored under `name` without us, `None` where the place gives none. Nobody knows what
    /// comes by it, and it may be used again until it ends: what is to stay is copied.
    ///
    /// # Errors
    /// When it cannot be signed.
    fn form(&self, _name: &ObjectName, _wanted: &FormRequest) -> Result<Option<UploadForm>> {
        Ok(None)
    }

    /// Copies bytes to another name, without passing them through us where the place can, and answers their MD5 in
    /// hexadecimal digits where the place says it. Promises what [`ObjectStore::put`] promises.
    ///
    /// # Errors
    /// `object.not_found`; trouble with the place.
    async fn copy(&self, from: &ObjectName, to: &ObjectName) -> Result<Option<String>> {
        let body = self.get(from, None).await?;
        self.put(to, body, u64::MAX).await?;
        Ok(None)
    }

    /// What and where it is, for the operator, without secrets.
    fn describe(&self) -> String;
}

/// The error of a body above `limit` bytes, the same from every provider.
pub fn too_large(limit: u64) -> Error {
    Error::new(
        busbar_kernel::Kind::TooLarge,
        "objects.too_large",
        format!("The file is larger than the limit of {limit} bytes"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_could_leave_their_place_are_refused() {
        let long = "a".repeat(ObjectName::MAX_LENGTH + 1);
        for bad in [
            "", "/", "/a", "a/", "a//b", "..", "../a", "a/../b", "a.b", "a\\b", "A", "a b", "a\0", "é", &long,
        ] {
            assert!(bad.parse::<ObjectName>().is_err(), "{bad:?} was accepted");
        }
        for good in ["a", "a-1_b/c/0", &long[1..]] {
            assert!(good.parse::<ObjectName>().is_ok(), "{good:?} was refused");
        }
    }

    #[test]
    fn an_identifier_comes_back_out_of_its_name() {
        let clock = busbar_kernel::MovableClock::at_2026();
        let (room, id) = (Id::new(&clock), Id::new(&clock));
        let name = ObjectName::of(room, id);
        assert_eq!(name.id_in(room), Some(id));
        assert_eq!(name.id_in(id), None, "another room's bytes are not ours");
        assert!(name.as_str().starts_with(&ObjectName::prefix_of(room)));
        assert_eq!(name.as_str().parse::<ObjectName>().unwrap(), name);
        assert_eq!("other/thing".parse::<ObjectName>().unwrap().id_in(room), None);
    }
}
