//! The S3 gateway: what a signed request asks for, and who does it.

pub(crate) mod bucket;
mod copy;
mod deletion;
mod form;
mod listing;
mod multipart;
pub(crate) mod object;
mod read;
pub(crate) mod service;
mod write;

use std::sync::{Mutex, PoisonError};

use axum::extract::{OriginalUri, Request};
use busbar_files::{AccessKey, BucketName, ObjectKey};
use busbar_kernel::{Actor, Result};
use busbar_ports::objects::ByteStream;
use http::request::Parts;

use crate::Services;
use crate::gateway::query::decoded;
use crate::gateway::{PATH, Pairs, body, refusal, signature};

/// A request whose signature was right.
pub(crate) struct Call {
    services: Services,
    key: AccessKey,
    actor: Actor,
    query: Pairs,
    parts: Parts,
    /// Behind a lock only because a stream cannot be looked at from two threads.
    body: Mutex<Option<ByteStream>>,
}

/// The most bytes of an XML body: ten thousand parts fit.
const LONGEST_XML: usize = 2 * 1024 * 1024;

/// The raw path as the client signed it, mount included.
fn raw_path(parts: &Parts) -> String {
    let original = parts.extensions.get::<OriginalUri>();
    original.map_or(&parts.uri, |uri| &uri.0).path().to_owned()
}

/// Bucket and key of a raw path, decoded; empty where it has none.
fn place(path: &str) -> Result<(String, String)> {
    let below = path.split_once(PATH).map(|(_, below)| below).unwrap_or_default();
    let below = below.strip_prefix('/').unwrap_or(below);
    let (bucket, key) = below.split_once('/').unwrap_or((below, ""));
    Ok((decoded(bucket)?, decoded(key)?))
}

impl Call {
    /// Checks the signature of a request. Its body is checked while it is read.
    async fn open(services: Services, request: Request) -> Result<Self> {
        let (parts, body) = request.into_parts();
        let query = Pairs::of(parts.uri.query())?;
        let keys = &services.files.access_keys;
        let path = raw_path(&parts);
        let signer = signature::signer(keys, services.clock.as_ref(), &parts, &path, &query).await?;
        let body = body::stream(signer.payload, &parts.headers, body)?;
        Ok(Self {
            key: signer.key,
            actor: signer.actor,
            services,
            query,
            parts,
            body: Mutex::new(Some(body)),
        })
    }

    /// The bucket of the path.
    fn bucket(&self) -> Result<BucketName> {
        place(&raw_path(&self.parts))?.0.parse()
    }

    /// The bucket and the key of the path.
    fn object(&self) -> Result<(BucketName, ObjectKey)> {
        let (bucket, key) = place(&raw_path(&self.parts))?;
        Ok((bucket.parse()?, key.parse()?))
    }

    /// A header's text.
    fn header(&self, name: &str) -> Option<&str> {
        self.parts.headers.get(name)?.to_str().ok()
    }

    /// The body, which is there once.
    fn take_body(&self) -> Result<ByteStream> {
        let body = self.body.lock().unwrap_or_else(PoisonError::into_inner).take();
        body.ok_or_else(|| refusal("InvalidRequest", "The body was read already"))
    }

    /// The body as a whole.
    async fn xml(&self) -> Result<bytes::Bytes> {
        body::whole(self.take_body()?, LONGEST_XML).await
    }

    fn not_implemented(&self) -> busbar_kernel::Error {
        refusal(
            "NotImplemented",
            "A header or parameter you provided implies functionality that is not implemented",
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_come_out_of_raw_paths() {
        for (path, bucket, key) in [
            ("/storage/v1/s3", "", ""),
            ("/storage/v1/s3/", "", ""),
            ("/storage/v1/s3/b", "b", ""),
            ("/storage/v1/s3/b/", "b", ""),
            ("/below/storage/v1/s3/b/a/b%20c%2Fd", "b", "a/b c/d"),
            ("/storage/v1/s3/b/dir/", "b", "dir/"),
            ("/storage/v1/s3/b/a+b", "b", "a+b"),
        ] {
            assert_eq!(
                place(path).unwrap(),
                (bucket.to_owned(), key.to_owned()),
                "{path}"
            );
        }
        assert!(place("/storage/v1/s3/b/%ff").is_err());
    }
}
