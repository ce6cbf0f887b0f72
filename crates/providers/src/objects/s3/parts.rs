//! A body in pieces of one size, and the upload that is made of them.

use std::sync::Arc;

use busbar_kernel::{Error, Result};
use busbar_ports::objects::{ByteStream, ObjectName, too_large};
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt;
use http::Method;
use reqwest::StatusCode;

use super::answers::{self, Begun};
use super::client::{Call, Client, LONG};
use super::errors;

/// The size of a piece, in bytes. S3 takes no less than 5 MiB and no more than 10,000 of them, so 80 GB fit.
pub(super) const PIECE: usize = 8 * 1024 * 1024;

/// A body above this size is given the room of a whole piece at once.
const SMALL: usize = 256 * 1024;

/// A body, taken in pieces of [`PIECE`] bytes; the last one is shorter, or empty.
pub(super) struct Pieces {
    body: ByteStream,
    rest: Bytes,
    total: u64,
    limit: u64,
}

impl Pieces {
    pub(super) fn of(body: ByteStream, limit: u64) -> Self {
        Self {
            body,
            rest: Bytes::new(),
            total: 0,
            limit,
        }
    }

    /// How many bytes came so far.
    pub(super) fn total(&self) -> u64 {
        self.total
    }

    /// The next piece; shorter than [`PIECE`] at the end of the body and ever after.
    pub(super) async fn next(&mut self) -> Result<Bytes> {
        let mut piece = BytesMut::new();
        loop {
            let taken = self.rest.split_to(self.rest.len().min(PIECE - piece.len()));
            // Growing by doubling would take twice a piece at its end; small files stay small.
            if piece.len() + taken.len() > SMALL && piece.capacity() < PIECE {
                piece.reserve(PIECE - piece.len());
            }
            piece.extend_from_slice(&taken);
            if piece.len() == PIECE {
                return Ok(piece.freeze());
            }
            let Some(chunk) = self.body.next().await else {
                return Ok(piece.freeze());
            };
            self.rest = chunk?;
            self.total += self.rest.len() as u64;
            if self.total > self.limit {
                return Err(too_large(self.limit));
            }
        }
    }
}

/// An upload in parts. Dropped before its end it is called off, so that no part is paid for and forgotten.
pub(super) struct InParts {
    client: Arc<Client>,
    name: ObjectName,
    upload_id: String,
    tags: Vec<String>,
    done: bool,
}

impl InParts {
    pub(super) async fn begin(client: &Arc<Client>, name: &ObjectName) -> Result<Self> {
        let mut call = Call::new(Method::POST, Some(name));
        call.query = &[("uploads", "")];
        let begun: Begun = answers::read(&client.text(&call).await?)?;
        Ok(Self {
            client: Arc::clone(client),
            name: name.clone(),
            upload_id: begun.upload_id,
            tags: Vec::new(),
            done: false,
        })
    }

    /// Sends the next part.
    pub(super) async fn send(&mut self, piece: Bytes) -> Result<()> {
        let number = (self.tags.len() + 1).to_string();
        let query = [
            ("partNumber", number.as_str()),
            ("uploadId", self.upload_id.as_str()),
        ];
        let mut call = Call::new(Method::PUT, Some(&self.name));
        call.query = &query;
        call.body = piece;
        call.within = Some(LONG);
        let answer = self.client.send(&call).await?;
        let tag = answer.headers().get("etag").and_then(|tag| tag.to_str().ok());
        let tag = tag.ok_or_else(|| Error::internal("S3 answered a part without its entity tag"))?;
        self.tags.push(tag.trim_matches('"').to_owned());
        Ok(())
    }

    /// Puts the parts together.
    pub(super) async fn complete(mut self) -> Result<()> {
        let parts: String = self
            .tags
            .iter()
            .enumerate()
            .map(|(before, tag)| {
                let tag = quick_xml::escape::escape(tag.as_str());
                format!(
                    "<Part><PartNumber>{}</PartNumber><ETag>\"{tag}\"</ETag></Part>",
                    before + 1
                )
            })
            .collect();
        let query = [("uploadId", self.upload_id.as_str())];
        let mut call = Call::new(Method::POST, Some(&self.name));
        call.query = &query;
        call.body = format!("<CompleteMultipartUpload>{parts}</CompleteMultipartUpload>").into();
        call.within = Some(LONG);
        let text = self.client.text(&call).await?;
        // Completing may fail inside of an answer that began as a success.
        if let Ok(body) = quick_xml::de::from_str::<errors::Body>(&text)
            && !body.code.is_empty()
        {
            return Err(errors::from(StatusCode::INTERNAL_SERVER_ERROR, &body));
        }
        self.done = true;
        Ok(())
    }
}

impl Drop for InParts {
    fn drop(&mut self) {
        let Ok(runtime) = tokio::runtime::Handle::try_current() else {
            return;
        };
        if self.done {
            return;
        }
        let (client, name) = (Arc::clone(&self.client), self.name.clone());
        let upload_id = std::mem::take(&mut self.upload_id);
        runtime.spawn(async move {
            let query = [("uploadId", upload_id.as_str())];
            let mut call = Call::new(Method::DELETE, Some(&name));
            call.query = &query;
            if let Err(error) = client.send(&call).await {
                tracing::warn!(%name, error = error.operator_line(), "parts of an upload were left in S3");
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use futures_util::stream;

    use super::*;

    #[tokio::test]
    async fn bodies_become_pieces_of_one_size() {
        for (chunks, sizes) in [
            (vec![], vec![0]),
            (vec![1, 2, 3], vec![6]),
            (vec![PIECE], vec![PIECE, 0]),
            (vec![PIECE - 1, 3], vec![PIECE, 2]),
            (vec![3 * PIECE + 7], vec![PIECE, PIECE, PIECE, 7]),
        ] {
            let total: usize = chunks.iter().sum();
            let body = stream::iter(chunks.clone())
                .map(|size| Ok(Bytes::from(vec![7; size])))
                .boxed();
            let mut pieces = Pieces::of(body, total as u64);
            let mut found = Vec::new();
            loop {
                let piece = pieces.next().await.unwrap().len();
                found.push(piece);
                if piece < PIECE {
                    break;
                }
            }
            assert_eq!(found, sizes, "{chunks:?}");
            assert_eq!(pieces.total(), total as u64);
        }
    }
}
