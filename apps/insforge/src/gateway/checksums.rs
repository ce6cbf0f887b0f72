//! Checksums that clients send beside a body, and what the body really has.

use aws_lc_rs::digest::{Context, SHA1_FOR_LEGACY_USE_ONLY, SHA256};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use busbar_kernel::Result;
use crc::{CRC_32_ISCSI, CRC_32_ISO_HDLC, CRC_64_NVME, Crc, Digest, Table};
use http::HeaderMap;
use md5::{Digest as _, Md5};

use super::refusal;

static CRC32: Crc<u32, Table<16>> = Crc::<u32, Table<16>>::new(&CRC_32_ISO_HDLC);
static CRC32C: Crc<u32, Table<16>> = Crc::<u32, Table<16>>::new(&CRC_32_ISCSI);
static CRC64: Crc<u64, Table<16>> = Crc::<u64, Table<16>>::new(&CRC_64_NVME);

/// The headers and trailers that may carry one.
const NAMES: [&str; 5] = [
    "x-amz-checksum-crc32",
    "x-amz-checksum-crc32c",
    "x-amz-checksum-crc64nvme",
    "x-amz-checksum-sha1",
    "x-amz-checksum-sha256",
];

/// A checksum that grows while the body passes.
enum Running {
    Crc32(Digest<'static, u32, Table<16>>),
    Crc64(Digest<'static, u64, Table<16>>),
    Sha(Context),
    Md5(Md5),
}

impl Running {
    fn of(name: &str) -> Self {
        match name {
            "x-amz-checksum-crc32" => Self::Crc32(CRC32.digest()),
            "x-amz-checksum-crc32c" => Self::Crc32(CRC32C.digest()),
            "x-amz-checksum-crc64nvme" => Self::Crc64(CRC64.digest()),
            "x-amz-checksum-sha1" => Self::Sha(Context::new(&SHA1_FOR_LEGACY_USE_ONLY)),
            "content-md5" => Self::Md5(Md5::new()),
            _ => Self::Sha(Context::new(&SHA256)),
        }
    }

    fn update(&mut self, bytes: &[u8]) {
        match self {
            Self::Crc32(crc) => crc.update(bytes),
            Self::Crc64(crc) => crc.update(bytes),
            Self::Sha(sha) => sha.update(bytes),
            Self::Md5(md5) => md5.update(bytes),
        }
    }

    fn finish(self) -> Vec<u8> {
        match self {
            Self::Crc32(crc) => crc.finalize().to_be_bytes().to_vec(),
            Self::Crc64(crc) => crc.finalize().to_be_bytes().to_vec(),
            Self::Sha(sha) => sha.finish().as_ref().to_vec(),
            Self::Md5(md5) => md5.finalize().to_vec(),
        }
    }
}

/// All checksums of one body.
pub(crate) struct Checksums {
    /// Name, what is expected (`None` where a trailer will say), what it comes to.
    running: Vec<(&'static str, Option<Vec<u8>>, Running)>,
}

impl Checksums {
    /// What the head of a request announces.
    pub(crate) fn announced(headers: &HeaderMap) -> Result<Self> {
        let mut running = Vec::new();
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        for name in NAMES.into_iter().chain(["content-md5"]) {
            if let Some(value) = text(name) {
                running.push((name, Some(read(name, value)?), Running::of(name)));
            }
        }
        let trailers = text("x-amz-trailer").unwrap_or_default().to_ascii_lowercase();
        for name in trailers.split(',').map(str::trim).filter(|name| !name.is_empty()) {
            let Some(name) = NAMES.into_iter().find(|known| *known == name) else {
                return Err(refusal(
                    "InvalidRequest",
                    "The value specified in the x-amz-trailer header is not supported",
                ));
            };
            running.push((name, None, Running::of(name)));
        }
        Ok(Self { running })
    }

    /// A piece of the body passes.
    pub(crate) fn update(&mut self, bytes: &[u8]) {
        for (.., running) in &mut self.running {
            running.update(bytes);
        }
    }

    /// The body is over: everything must fit.
    pub(crate) fn verify(&mut self, trailers: &[(String, String)]) -> Result<()> {
        for (name, expected, running) in std::mem::take(&mut self.running) {
            let told = trailers.iter().find(|(trailer, _)| trailer == name);
            let expected = match (expected, told) {
                (Some(expected), _) => expected,
                (None, Some((_, value))) => read(name, value)?,
                (None, None) => {
                    return Err(refusal(
                        "InvalidRequest",
                        format!("The trailer {name} did not come"),
                    ));
                }
            };
            if running.finish() != expected {
                return Err(refusal(
                    "BadDigest",
                    format!("The {name} you specified did not match what we received"),
                ));
            }
        }
        Ok(())
    }
}

fn read(name: &str, value: &str) -> Result<Vec<u8>> {
    STANDARD
        .decode(value.trim())
        .map_err(|_| refusal("InvalidDigest", format!("The {name} you specified is not valid")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksums_of_the_reference_text() {
        // The check values of the catalogue of parametrised CRC algorithms, for "123456789".
        for (name, expected) in [
            ("x-amz-checksum-crc32", "cbf43926"),
            ("x-amz-checksum-crc32c", "e3069283"),
            ("x-amz-checksum-crc64nvme", "ae8b14860a799888"),
            ("x-amz-checksum-sha1", "f7c3bc1d808e04732adf679965ccc34ca7ae3441"),
            ("content-md5", "25f9e794323b453885f5181f1b624d0b"),
        ] {
            let mut running = Running::of(name);
            running.update(b"12345");
            running.update(b"6789");
            assert_eq!(hex::encode(running.finish()), expected, "{name}");
        }
    }

    #[test]
    fn a_changed_body_and_a_missing_trailer_are_seen() {
        let mut headers = HeaderMap::new();
        headers.insert("x-amz-checksum-crc32", "y/Q5Jg==".parse().unwrap());
        headers.insert("x-amz-trailer", "x-amz-checksum-crc32c".parse().unwrap());
        let run = |body: &[u8], trailers: &[(String, String)]| {
            let mut sums = Checksums::announced(&headers).unwrap();
            sums.update(body);
            sums.verify(trailers)
                .map_err(|error| error.wire_code_str().map(str::to_owned))
        };
        let trailer = [("x-amz-checksum-crc32c".to_owned(), "4waSgw==".to_owned())];
        assert_eq!(run(b"123456789", &trailer), Ok(()));
        assert_eq!(run(b"12345678X", &trailer), Err(Some("BadDigest".to_owned())));
        assert_eq!(run(b"123456789", &[]), Err(Some("InvalidRequest".to_owned())));
        headers.insert("content-md5", "nonsense!".parse().unwrap());
        assert_eq!(
            Checksums::announced(&headers).err().unwrap().wire_code_str(),
            Some("InvalidDigest")
        );
    }
}
