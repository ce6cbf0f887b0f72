//! The body of a signed request: out of its chunks, hashed, counted, and refused at its end where it does not fit.

use aws_lc_rs::digest::{Context, SHA256};
use axum::body::Body;
use busbar_kernel::Result;
use busbar_platform::http::input::body_error;
use busbar_ports::objects::ByteStream;
use busbar_ports::sigv4::is_same;
use bytes::Bytes;
use futures_util::{StreamExt, TryStreamExt, stream};
use http::HeaderMap;

use super::checksums::Checksums;
use super::chunked::{ChunkSigner, Decoder};
use super::refusal;

/// What a signature says of the body.
pub(crate) enum Payload {
    /// Nothing.
    Unsigned,
    /// Its SHA-256 in hexadecimal digits.
    Hash(String),
    /// It comes in chunks, signed or not, with or without trailers.
    Chunks(Option<Box<ChunkSigner>>, bool),
}

/// A body with everything that must hold of it.
struct Checked {
    source: Source,
    checksums: Checksums,
    hash: Option<(Context, String)>,
    size: u64,
    expected: Option<u64>,
    over: bool,
}

enum Source {
    Plain(ByteStream),
    Chunks(Box<Decoder>),
}

/// The bytes that the client means. The stream ends with an error where they are not what was signed or
/// announced, and whoever stores them keeps nothing then.
pub(crate) fn stream(payload: Payload, headers: &HeaderMap, body: Body) -> Result<ByteStream> {
    let number = |name: &str| headers.get(name)?.to_str().ok()?.parse::<u64>().ok();
    let input = body.into_data_stream().map_err(body_error).boxed();
    let (source, hash, expected) = match payload {
        Payload::Unsigned => (Source::Plain(input), None, number("content-length")),
        Payload::Hash(told) => (
            Source::Plain(input),
            Some((Context::new(&SHA256), told)),
            number("content-length"),
        ),
        Payload::Chunks(signer, trailers) => {
            let decoder = Decoder::new(input, signer.map(|signer| *signer), trailers);
            (
                Source::Chunks(Box::new(decoder)),
                None,
                number("x-amz-decoded-content-length"),
            )
        }
    };
    let checked = Checked {
        source,
        checksums: Checksums::announced(headers)?,
        hash,
        size: 0,
        expected,
        over: false,
    };
    let all = stream::try_unfold(checked, |mut checked| async move {
        let bytes = checked.next().await?;
        Ok(bytes.map(|bytes| (bytes, checked)))
    });
    Ok(all.boxed())
}

/// A short body as a whole.
pub(crate) async fn whole(mut body: ByteStream, most: usize) -> Result<Bytes> {
    let mut all = Vec::new();
    while let Some(chunk) = body.next().await {
        all.extend_from_slice(&chunk?);
        if all.len() > most {
            return Err(refusal(
                "EntityTooLarge",
                "The body is larger than this request accepts",
            ));
        }
    }
    Ok(all.into())
}

impl Checked {
    async fn next(&mut self) -> Result<Option<Bytes>> {
        if self.over {
            return Ok(None);
        }
        let next = match &mut self.source {
            Source::Plain(input) => input.next().await.transpose()?,
            Source::Chunks(decoder) => decoder.next().await?,
        };
        let Some(bytes) = next else {
            self.over = true;
            self.finish()?;
            return Ok(None);
        };
        self.size += bytes.len() as u64;
        self.checksums.update(&bytes);
        if let Some((digest, _)) = &mut self.hash {
            digest.update(&bytes);
        }
        Ok(Some(bytes))
    }

    fn finish(&mut self) -> Result<()> {
        if self.expected.is_some_and(|expected| expected != self.size) {
            return Err(refusal(
                "IncompleteBody",
                "You did not provide the number of bytes that you announced",
            ));
        }
        if let Some((digest, told)) = self.hash.take()
            && !is_same(&hex::encode(digest.finish()), &told.to_ascii_lowercase())
        {
            let message = "The provided 'x-amz-content-sha256' header does not match what was computed";
            return Err(refusal("XAmzContentSHA256Mismatch", message));
        }
        let trailers = match &self.source {
            Source::Plain(_) => &[][..],
            Source::Chunks(decoder) => &decoder.trailers,
        };
        self.checksums.verify(trailers)
    }
}
