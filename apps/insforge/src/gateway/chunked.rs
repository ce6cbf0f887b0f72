//! Bodies in `aws-chunked` form: each chunk with its length and, where it is signed, a signature over it and the
//! one before ("Signature Calculations for the Authorization Header: Transferring Payload in Multiple Chunks").

use aws_lc_rs::digest::{Context, SHA256};
use busbar_kernel::{Error, Result};
use busbar_ports::objects::ByteStream;
use busbar_ports::sigv4::{EMPTY_PAYLOAD, Scope, SigningKey, hash, is_same};
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt;

use super::refusal;

/// The most bytes of a chunk's head, and of all trailers.
const LONGEST_LINE: usize = 4096;

/// What signs the chunks.
pub(crate) struct ChunkSigner {
    pub(crate) key: SigningKey,
    pub(crate) scope: Scope,
    pub(crate) moment: String,
    /// The signature before: the request's at first.
    pub(crate) previous: String,
}

impl ChunkSigner {
    fn check(&mut self, word: &str, hashes: &str, told: &str) -> Result<()> {
        let (moment, scope, previous) = (&self.moment, self.scope.text(), &self.previous);
        let text = format!("AWS4-HMAC-SHA256-{word}\n{moment}\n{scope}\n{previous}\n{hashes}");
        let signature = self.key.sign(&text);
        if !is_same(&signature, told) {
            return Err(refusal(
                "SignatureDoesNotMatch",
                "The signature of a chunk does not match its content",
            ));
        }
        self.previous = signature;
        Ok(())
    }
}

/// Takes the form off a body. What a chunk holds passes on before its signature is checked; a wrong one ends the
/// stream with an error, so nothing of it is ever kept.
pub(crate) struct Decoder {
    input: ByteStream,
    held: BytesMut,
    signer: Option<ChunkSigner>,
    /// What is left of the chunk that passes.
    left: u64,
    told: String,
    digest: Context,
    inside: bool,
    has_trailers: bool,
    /// What came after the last chunk: names in lower case.
    pub(crate) trailers: Vec<(String, String)>,
}

impl Decoder {
    pub(crate) fn new(input: ByteStream, signer: Option<ChunkSigner>, has_trailers: bool) -> Self {
        Self {
            input,
            held: BytesMut::new(),
            signer,
            left: 0,
            told: String::new(),
            digest: Context::new(&SHA256),
            inside: false,
            has_trailers,
            trailers: Vec::new(),
        }
    }

    /// The next bytes, `None` at the end.
    pub(crate) async fn next(&mut self) -> Result<Option<Bytes>> {
        loop {
            if self.left > 0 {
                if self.held.is_empty() {
                    self.more().await?;
                }
                let most = usize::try_from(self.left).unwrap_or(usize::MAX);
                let bytes = self.held.split_to(self.held.len().min(most)).freeze();
                self.left -= bytes.len() as u64;
                if self.signer.is_some() {
                    self.digest.update(&bytes);
                }
                return Ok(Some(bytes));
            }
            if self.inside {
                self.end_chunk().await?;
            }
            let (size, told) = head(&self.line().await?)?;
            self.told = told;
            self.left = size;
            self.inside = size > 0;
            if size == 0 {
                self.finish().await?;
                return Ok(None);
            }
        }
    }

    async fn end_chunk(&mut self) -> Result<()> {
        if !self.line().await?.is_empty() {
            return Err(malformed());
        }
        self.inside = false;
        let digest = std::mem::replace(&mut self.digest, Context::new(&SHA256)).finish();
        match &mut self.signer {
            Some(signer) => {
                let hashes = format!("{EMPTY_PAYLOAD}\n{}", hex::encode(digest));
                signer.check("PAYLOAD", &hashes, &self.told)
            }
            None => Ok(()),
        }
    }

    /// The last chunk is empty; trailers may follow it.
    async fn finish(&mut self) -> Result<()> {
        if let Some(signer) = &mut self.signer {
            signer.check(
                "PAYLOAD",
                &format!("{EMPTY_PAYLOAD}\n{EMPTY_PAYLOAD}"),
                &self.told,
            )?;
        }
        let mut signature = None;
        let mut size = 0;
        loop {
            let line = self.line().await?;
            size += line.len();
            if line.is_empty() {
                break;
            }
            let (name, value) = line.split_once(':').ok_or_else(malformed)?;
            let (name, value) = (name.trim().to_ascii_lowercase(), value.trim().to_owned());
            match name.as_str() {
                "x-amz-trailer-signature" => signature = Some(value),
                _ => self.trailers.push((name, value)),
            }
            if size > LONGEST_LINE {
                return Err(malformed());
            }
        }
        match (&mut self.signer, self.has_trailers) {
            (Some(signer), true) => {
                let text: String = self
                    .trailers
                    .iter()
                    .map(|(name, value)| format!("{name}:{value}\n"))
                    .collect();
                let told = signature.ok_or_else(malformed)?;
                signer.check("TRAILER", &hash(text.as_bytes()), &told)
            }
            _ => Ok(()),
        }
    }

    /// A line without its end. The very last one may lack its end, as some clients send it.
    async fn line(&mut self) -> Result<String> {
        loop {
            if let Some(at) = self.held.windows(2).position(|pair| pair == b"\r\n") {
                let line = self.held.split_to(at + 2);
                return String::from_utf8(line[..at].to_vec()).map_err(|_| malformed());
            }
            if self.held.len() > LONGEST_LINE {
                return Err(malformed());
            }
            self.more().await?;
        }
    }

    async fn more(&mut self) -> Result<()> {
        match self.input.next().await {
            Some(chunk) => {
                self.held.extend_from_slice(&chunk?);
                Ok(())
            }
            None => Err(refusal("IncompleteBody", "The body ended before its last chunk")),
        }
    }
}

/// `400;chunk-signature=…`
fn head(line: &str) -> Result<(u64, String)> {
    let (size, rest) = line.split_once(';').unwrap_or((line, ""));
    let size = u64::from_str_radix(size.trim(), 16).map_err(|_| malformed())?;
    let told = rest.trim().strip_prefix("chunk-signature=").unwrap_or_default();
    Ok((size, told.to_owned()))
}

fn malformed() -> Error {
    refusal("InvalidRequest", "The body is not in the form aws-chunked")
}

#[cfg(test)]
mod tests {
    use busbar_kernel::Secret;
    use futures_util::stream;

    use super::*;

    /// The example of the S3 documentation: 66,560 times `a` in two chunks.
    fn example(change: impl Fn(&mut Vec<u8>)) -> (ByteStream, ChunkSigner) {
        let scope = Scope::new("20130524", "us-east-1", "s3");
        let secret = Secret::new("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
        let signer = ChunkSigner {
            key: SigningKey::derive(&secret, &scope),
            scope,
            moment: "20130524T000000Z".to_owned(),
            previous: "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9".to_owned(),
        };
        let mut body = Vec::new();
        for (size, signature) in [
            (
                65536,
                "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648",
            ),
            (
                1024,
                "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497",
            ),
            (
                0,
                "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9",
            ),
        ] {
            body.extend(format!("{size:x};chunk-signature={signature}\r\n").into_bytes());
            body.extend(vec![b'a'; size]);
            body.extend(b"\r\n");
        }
        change(&mut body);
        let pieces: Vec<_> = body
            .chunks(1000)
            .map(|piece| Ok(Bytes::copy_from_slice(piece)))
            .collect();
        (stream::iter(pieces).boxed(), signer)
    }

    async fn all(mut decoder: Decoder) -> Result<usize> {
        let mut size = 0;
        while let Some(bytes) = decoder.next().await? {
            size += bytes.len();
        }
        Ok(size)
    }

    #[tokio::test]
    async fn the_documented_example_passes_and_no_change_of_it_does() {
        let (body, signer) = example(|_| {});
        assert_eq!(
            all(Decoder::new(body, Some(signer), false)).await.unwrap(),
            66_560
        );
        for (at, code) in [
            (100, "SignatureDoesNotMatch"),
            (66_000, "SignatureDoesNotMatch"),
            (30, "SignatureDoesNotMatch"),
        ] {
            let (body, signer) = example(|body| body[at] ^= 1);
            let error = all(Decoder::new(body, Some(signer), false)).await.unwrap_err();
            assert_eq!(error.wire_code_str(), Some(code), "a change at {at}");
        }
        let (body, signer) = example(|body| body.truncate(66_000));
        let error = all(Decoder::new(body, Some(signer), false)).await.unwrap_err();
        assert_eq!(error.wire_code_str(), Some("IncompleteBody"));
    }

    #[tokio::test]
    async fn trailers_without_signature() {
        let text = b"5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n";
        let pieces: Vec<_> = text
            .chunks(3)
            .map(|piece| Ok(Bytes::from_static(piece)))
            .collect();
        let mut decoder = Decoder::new(stream::iter(pieces).boxed(), None, true);
        let mut body = Vec::new();
        while let Some(bytes) = decoder.next().await.unwrap() {
            body.extend_from_slice(&bytes);
        }
        assert_eq!(body, b"hello");
        assert_eq!(
            decoder.trailers,
            [("x-amz-checksum-crc32".to_owned(), "NhCmhg==".to_owned())]
        );
        for bad in [
            &b"zz\r\nhello"[..],
            b"5\r\nhelloX\r\n0\r\n\r\n",
            b"0\r\nno colon\r\n\r\n",
        ] {
            let mut decoder = Decoder::new(stream::iter([Ok(Bytes::from_static(bad))]).boxed(), None, true);
            let end = loop {
                match decoder.next().await {
                    Ok(Some(_)) => {}
                    end => break end,
                }
            };
            assert!(end.is_err(), "{bad:?}");
        }
    }
}
