//! CloudFront before a bucket: the bytes go to S3, the links that are given away are signed for CloudFront.
//!
//! Contract: "Creating a signed URL using a canned policy", Amazon CloudFront developer guide. Signed with RSA
//! and SHA-256, which the query parameter `Hash-Algorithm` announces.

use std::ops::Range;
use std::sync::Arc;

use async_trait::async_trait;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use busbar_kernel::variables::{Entry, Settings, Variable};
use busbar_kernel::{Clock, Error, Result, Secret};
use busbar_ports::objects::{
    ByteStream, FormRequest, LinkRequest, ObjectInfo, ObjectName, ObjectStore, UploadForm,
};
use busbar_ports::sigv4::encode;

/// The distribution.
static CLOUDFRONT_URL: Variable<Option<String>> = Variable::new(
    "CLOUDFRONT_URL",
    "files",
    "Address of the CloudFront distribution before the bucket; links of private files then lead to it",
);

/// The key's name.
static CLOUDFRONT_KEY_PAIR_ID: Variable<Option<String>> = Variable::new(
    "CLOUDFRONT_KEY_PAIR_ID",
    "files",
    "Public key of the distribution's trusted key group; needed with CLOUDFRONT_URL",
);

/// The key.
static CLOUDFRONT_PRIVATE_KEY: Variable<Option<Secret>> = Variable::new(
    "CLOUDFRONT_PRIVATE_KEY",
    "files",
    "Private RSA key in PEM, its line breaks as they are or as \\n; needed with CLOUDFRONT_URL",
)
.secret();

/// The rows of the variable table that belong to CloudFront.
pub(crate) static VARIABLES: &[&Entry] = &[
    CLOUDFRONT_URL.entry(),
    CLOUDFRONT_KEY_PAIR_ID.entry(),
    CLOUDFRONT_PRIVATE_KEY.entry(),
];

/// What the provider is told at start.
#[derive(Clone, Debug)]
pub struct CloudFrontSettings {
    /// The distribution's address.
    pub url: String,
    /// The name of the key.
    pub key_pair_id: String,
    /// The key in PEM.
    pub private_key: Secret,
}

impl CloudFrontSettings {
    /// The settings in force, `None` without `CLOUDFRONT_URL`.
    ///
    /// # Errors
    /// `Invalid` naming the variable that is missing beside it.
    pub fn from_settings(settings: &Settings) -> Result<Option<Self>> {
        let Some(url) = settings.get(&CLOUDFRONT_URL) else {
            return Ok(None);
        };
        let missing =
            |name: &'static str| Error::invalid(name, format!("{name} is needed with CLOUDFRONT_URL"));
        Ok(Some(Self {
            url: url.trim_end_matches('/').to_owned(),
            key_pair_id: settings
                .get(&CLOUDFRONT_KEY_PAIR_ID)
                .ok_or_else(|| missing("CLOUDFRONT_KEY_PAIR_ID"))?,
            private_key: settings
                .get(&CLOUDFRONT_PRIVATE_KEY)
                .ok_or_else(|| missing("CLOUDFRONT_PRIVATE_KEY"))?,
        }))
    }
}

/// A bucket whose links lead to CloudFront.
pub struct CloudFront {
    bucket: Arc<dyn ObjectStore>,
    url: String,
    key_pair_id: String,
    key: RsaKeyPair,
    clock: Arc<dyn Clock>,
}

impl CloudFront {
    /// CloudFront before `bucket`.
    ///
    /// # Errors
    /// `Invalid` for a key that is none.
    pub fn over(
        bucket: Arc<dyn ObjectStore>,
        settings: &CloudFrontSettings,
        clock: Arc<dyn Clock>,
    ) -> Result<Self> {
        Ok(Self {
            bucket,
            url: settings.url.clone(),
            key_pair_id: settings.key_pair_id.clone(),
            key: key(&settings.private_key)?,
            clock,
        })
    }

    /// `address` with a signature that ends at `expires`, in seconds since 1970.
    fn signed(&self, address: &str, expires: i64) -> Result<String> {
        let policy = format!(
            "{{\"Statement\":[{{\"Resource\":\"{address}\",\"Condition\":{{\"DateLessThan\":{{\"AWS:EpochTime\":{expires}}}}}}}]}}"
        );
        let mut signature = vec![0; self.key.public_modulus_len()];
        self.key
            .sign(
                &RSA_PKCS1_SHA256,
                &SystemRandom::new(),
                policy.as_bytes(),
                &mut signature,
            )
            .map_err(|_| Error::internal("a link could not be signed for CloudFront"))?;
        let signature = STANDARD
            .encode(signature)
            .replace('+', "-")
            .replace('=', "_")
            .replace('/', "~");
        let joint = if address.contains('?') { '&' } else { '?' };
        let key = &self.key_pair_id;
        Ok(format!(
            "{address}{joint}Expires={expires}&Signature={signature}&Key-Pair-Id={key}&Hash-Algorithm=SHA256"
        ))
    }
}

/// Reads a key of PKCS#8 (`PRIVATE KEY`) or PKCS#1 (`RSA PRIVATE KEY`).
fn key(pem: &Secret) -> Result<RsaKeyPair> {
    let text = pem.expose().replace("\\n", "\n");
    let body: String = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.starts_with("-----"))
        .collect();
    let refused = || {
        Error::invalid(
            "CLOUDFRONT_PRIVATE_KEY",
            "CLOUDFRONT_PRIVATE_KEY is not an RSA key in PEM",
        )
    };
    let der = STANDARD.decode(body).map_err(|_| refused())?;
    RsaKeyPair::from_pkcs8(&der)
        .or_else(|_| RsaKeyPair::from_der(&der))
        .map_err(|_| refused())
}

#[async_trait]
impl ObjectStore for CloudFront {
    async fn put(&self, name: &ObjectName, body: ByteStream, limit: u64) -> Result<u64> {
        self.bucket.put(name, body, limit).await
    }

    async fn get(&self, name: &ObjectName, range: Option<Range<u64>>) -> Result<ByteStream> {
        self.bucket.get(name, range).await
    }

    async fn head(&self, name: &ObjectName) -> Result<Option<ObjectInfo>> {
        self.bucket.head(name).await
    }

    async fn delete(&self, name: &ObjectName) -> Result<bool> {
        self.bucket.delete(name).await
    }

    async fn list(&self, prefix: &str, after: Option<&ObjectName>, limit: usize) -> Result<Vec<ObjectInfo>> {
        self.bucket.list(prefix, after, limit).await
    }

    async fn check(&self) -> Result<()> {
        self.bucket.check().await
    }

    fn link(&self, name: &ObjectName, wanted: &LinkRequest) -> Result<Option<String>> {
        let parameters: Vec<String> = [
            ("response-content-type", &wanted.content_type),
            ("response-content-disposition", &wanted.disposition),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some(format!("{name}={}", encode(value.as_deref()?))))
        .collect();
        let mut address = format!("{}/{name}", self.url);
        if !parameters.is_empty() {
            address = format!("{address}?{}", parameters.join("&"));
        }
        let expires = self.clock.now() + wanted.lifetime.min(LinkRequest::LONGEST);
        self.signed(&address, expires.timestamp()).map(Some)
    }

    fn form(&self, name: &ObjectName, wanted: &FormRequest) -> Result<Option<UploadForm>> {
        self.bucket.form(name, wanted)
    }

    async fn copy(&self, from: &ObjectName, to: &ObjectName) -> Result<Option<String>> {
        self.bucket.copy(from, to).await
    }

    fn describe(&self) -> String {
        format!("{}, links by {}", self.bucket.describe(), self.url)
    }
}

#[cfg(test)]
mod tests {
    use busbar_kernel::MovableClock;

    use super::*;

    /// The key of RFC 7515, appendix A.2, which is public.
    const KEY: &str = include_str!("rfc7515_a2.pem");

    struct Nowhere;

    #[async_trait]
    impl ObjectStore for Nowhere {
        async fn put(&self, _: &ObjectName, _: ByteStream, _: u64) -> Result<u64> {
            Ok(0)
        }
        async fn get(&self, _: &ObjectName, _: Option<Range<u64>>) -> Result<ByteStream> {
            Err(Error::not_found("object"))
        }
        async fn head(&self, _: &ObjectName) -> Result<Option<ObjectInfo>> {
            Ok(None)
        }
        async fn delete(&self, _: &ObjectName) -> Result<bool> {
            Ok(false)
        }
        async fn list(&self, _: &str, _: Option<&ObjectName>, _: usize) -> Result<Vec<ObjectInfo>> {
            Ok(Vec::new())
        }
        async fn check(&self) -> Result<()> {
            Ok(())
        }
        fn describe(&self) -> String {
            "nowhere".to_owned()
        }
    }

    fn distribution(pem: &str) -> Result<CloudFront> {
        let settings = CloudFrontSettings {
            url: "https://d111111abcdef8.cloudfront.net".to_owned(),
            key_pair_id: "K1".to_owned(),
            private_key: Secret::new(pem),
        };
        CloudFront::over(Arc::new(Nowhere), &settings, Arc::new(MovableClock::at_2026()))
    }

    #[test]
    fn the_published_vector_in_both_spellings_of_the_key() {
        for pem in [KEY.to_owned(), KEY.replace('\n', "\\n")] {
            let link = distribution(&pem)
                .unwrap()
                .signed(
                    "https://d111111abcdef8.cloudfront.net/reports/q3%20summary.pdf",
                    1_767_225_600,
                )
                .unwrap();
            assert_eq!(
                link,
                "https://d111111abcdef8.cloudfront.net/reports/q3%20summary.pdf?Expires=1767225600&Signature=\
                 AjyYydbRP2bkqH-Rt82KFGUHJ7y4R3G7o2wpFejF71seDavkWhHjb00TjUoQz5yHv8LZlQNugBvR~tBOzDIsWcv9Lc5o9r75I0E\
                 lBnqmusl9cqCq6TmMmMBHsLWplH~HMauPFXdjeznlSAFRLt0Udsquy8W15kjqrpoOvpqDWBO8aPVlJ4koPJmOxVHcQ2iXEKk1Zr\
                 H07pkIGxT7HJ47dS1CqZgYHT7g4me3pdoq5lUdopNBtX9mRRDTl~pu8TkPjYaiTqZKAh9UIa37e~RQHJk1XApvidARkc~o0HWDl\
                 BKxANrlqVSen19OH0jY~bgBn84ybsdDQ77kizhfHdiTMg__&Key-Pair-Id=K1&Hash-Algorithm=SHA256"
            );
        }
        assert_eq!(
            distribution("nonsense").err().unwrap().field_str(),
            Some("CLOUDFRONT_PRIVATE_KEY")
        );
    }

    #[test]
    fn links_carry_what_the_answer_is_to_say() {
        let wanted = LinkRequest {
            lifetime: std::time::Duration::from_secs(60),
            content_type: Some("image/png".to_owned()),
            disposition: Some("attachment; filename=\"a b\"".to_owned()),
        };
        let link = distribution(KEY)
            .unwrap()
            .link(&"aa/one".parse().unwrap(), &wanted)
            .unwrap()
            .unwrap();
        assert!(
            link.starts_with(
                "https://d111111abcdef8.cloudfront.net/aa/one?response-content-type=image%2Fpng\
                 &response-content-disposition=attachment%3B%20filename%3D%22a%20b%22&Expires=1767225660&Signature="
            ),
            "{link}"
        );
    }
}
