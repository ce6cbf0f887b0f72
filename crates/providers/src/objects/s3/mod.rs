//! Objects in a bucket of S3, or of a server that speaks like it: MinIO, s3s, Ceph, R2.
//!
//! Contract: the Amazon S3 API reference, version 2006-03-01, signed by signature version 4. A body above one
//! piece goes in parts, so memory holds two pieces of 8 MiB however large it is.

mod answers;
mod client;
mod errors;
mod form;
mod parts;
mod settings;

use std::ops::Range;
use std::sync::Arc;

use async_trait::async_trait;
use busbar_kernel::variables::mask_address_password;
use busbar_kernel::{Clock, Result};
use busbar_ports::objects::{
    ByteStream, FormRequest, LinkRequest, ObjectInfo, ObjectName, ObjectStore, UploadForm,
};
use bytes::Bytes;
use futures_util::StreamExt;
use http::Method;
use reqwest::StatusCode;

use answers::{Content, Copied, Page};
use client::{Call, Client, LONG};
use parts::{InParts, PIECE, Pieces};

pub(crate) use settings::VARIABLES;
pub use settings::{
    AWS_ACCESS_KEY_ID, AWS_ENDPOINT_URL, AWS_REGION, AWS_S3_BUCKET, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN,
    MINIO_ENDPOINT, MINIO_USE_SSL, S3_FORCE_PATH_STYLE, S3_PUBLIC_ENDPOINT, S3_USE_PRESIGNED_URLS,
    S3Settings,
};

/// The most names of one page, by contract.
const MOST_NAMES: usize = 1000;

/// The name under which [`ObjectStore::check`] writes; always the same, so that nothing piles up.
const PROBE: &str = "busbar-check";

/// A bucket as object store.
pub struct S3 {
    client: Arc<Client>,
}

impl S3 {
    /// The bucket that `settings` name. Nothing is sent yet: a bucket that does not answer shows in health.
    ///
    /// # Errors
    /// `Invalid` for an address that is none.
    pub fn new(settings: S3Settings, clock: Arc<dyn Clock>) -> Result<Self> {
        let client = Arc::new(Client::new(settings, clock)?);
        Ok(Self { client })
    }

    async fn put_whole(&self, name: &ObjectName, body: Bytes) -> Result<()> {
        let mut call = Call::new(Method::PUT, Some(name));
        call.body = body;
        call.within = Some(LONG);
        self.client.send(&call).await.map(drop)
    }

    async fn put_in_parts(&self, name: &ObjectName, first: Bytes, pieces: &mut Pieces) -> Result<()> {
        let mut upload = InParts::begin(&self.client, name).await?;
        let mut piece = first;
        while !piece.is_empty() {
            // The next piece comes in while this one goes out.
            let (sent, next) = tokio::join!(upload.send(piece), pieces.next());
            sent?;
            piece = next?;
        }
        upload.complete().await
    }

    async fn size(&self, name: &ObjectName) -> Result<Option<u64>> {
        match self.client.send(&Call::new(Method::HEAD, Some(name))).await {
            Ok(answer) => {
                let length = answer.headers().get("content-length");
                let length = length.and_then(|value| value.to_str().ok()?.parse().ok());
                Ok(Some(length.unwrap_or_default()))
            }
            Err(error) if error.code_str() == "object.not_found" => Ok(None),
            Err(error) => Err(error),
        }
    }
}

#[async_trait]
impl ObjectStore for S3 {
    async fn put(&self, name: &ObjectName, body: ByteStream, limit: u64) -> Result<u64> {
        let mut pieces = Pieces::of(body, limit);
        let first = pieces.next().await?;
        if first.len() < PIECE {
            self.put_whole(name, first).await?;
        } else {
            self.put_in_parts(name, first, &mut pieces).await?;
        }
        Ok(pieces.total())
    }

    async fn get(&self, name: &ObjectName, range: Option<Range<u64>>) -> Result<ByteStream> {
        let mut call = Call::new(Method::GET, Some(name));
        call.within = None;
        let Some(range) = range else {
            let answer = self.client.send(&call).await?;
            return Ok(answer
                .bytes_stream()
                .map(|chunk| chunk.map_err(errors::broken))
                .boxed());
        };
        if range.start >= range.end {
            // No header can ask for nothing.
            let size = self.size(name).await?;
            let size = size.ok_or_else(|| busbar_kernel::Error::not_found("object"))?;
            return if range.start > range.end || range.end > size {
                Err(errors::out_of_range())
            } else {
                Ok(futures_util::stream::empty().boxed())
            };
        }
        call.range = Some(format!("bytes={}-{}", range.start, range.end - 1));
        let answer = self.client.send(&call).await?;
        // A part that begins inside and ends outside is answered short.
        let whole = answer.content_length() == Some(range.end - range.start);
        if answer.status() != StatusCode::PARTIAL_CONTENT || !whole {
            return Err(errors::out_of_range());
        }
        Ok(answer
            .bytes_stream()
            .map(|chunk| chunk.map_err(errors::broken))
            .boxed())
    }

    async fn head(&self, name: &ObjectName) -> Result<Option<ObjectInfo>> {
        let size = self.size(name).await?;
        Ok(size.map(|size| ObjectInfo {
            name: name.clone(),
            size,
        }))
    }

    async fn delete(&self, name: &ObjectName) -> Result<bool> {
        let there = self.size(name).await?.is_some();
        self.client.send(&Call::new(Method::DELETE, Some(name))).await?;
        Ok(there)
    }

    async fn list(&self, prefix: &str, after: Option<&ObjectName>, limit: usize) -> Result<Vec<ObjectInfo>> {
        let mut found = Vec::new();
        let mut after = after.map(|name| name.as_str().to_owned()).unwrap_or_default();
        while found.len() < limit {
            let wanted = (limit - found.len()).min(MOST_NAMES).to_string();
            let mut query = vec![("list-type", "2"), ("max-keys", &wanted), ("prefix", prefix)];
            if !after.is_empty() {
                query.push(("start-after", &after));
            }
            let mut call = Call::new(Method::GET, None);
            call.query = &query;
            let page: Page = answers::read(&self.client.text(&call).await?)?;
            found.extend(page.contents.iter().filter_map(Content::info));
            match page.contents.last() {
                Some(last) if page.is_truncated => after = last.key.clone(),
                _ => break,
            }
        }
        Ok(found)
    }

    async fn check(&self) -> Result<()> {
        self.put_whole(&PROBE.parse()?, Bytes::from_static(b"busbar"))
            .await
    }

    fn link(&self, name: &ObjectName, wanted: &LinkRequest) -> Result<Option<String>> {
        let settings = &self.client.settings;
        settings
            .presigned_links
            .then(|| self.client.link(name, wanted))
            .transpose()
    }

    fn form(&self, name: &ObjectName, wanted: &FormRequest) -> Result<Option<UploadForm>> {
        let settings = &self.client.settings;
        settings
            .presigned_links
            .then(|| form::signed(&self.client, name, wanted))
            .transpose()
    }

    async fn copy(&self, from: &ObjectName, to: &ObjectName) -> Result<Option<String>> {
        let mut call = Call::new(Method::PUT, Some(to));
        call.source = Some(format!("/{}/{from}", self.client.settings.bucket));
        call.within = Some(LONG);
        let text = self.client.text(&call).await?;
        if let Ok(body) = quick_xml::de::from_str::<errors::Body>(&text)
            && !body.code.is_empty()
        {
            return Err(errors::from(StatusCode::INTERNAL_SERVER_ERROR, &body));
        }
        let copied: Copied = answers::read(&text)?;
        Ok(copied.digest())
    }

    fn describe(&self) -> String {
        let settings = &self.client.settings;
        let server = mask_address_password(settings.endpoint.as_deref().unwrap_or("Amazon S3"));
        format!("bucket {} at {server} ({})", settings.bucket, settings.region)
    }
}
