//! The variables of S3 and MinIO, and what follows from them.

use busbar_kernel::variables::{Entry, Settings, Variable};
use busbar_kernel::{Error, Result, Secret};

/// The bucket, and with it the switch.
pub static AWS_S3_BUCKET: Variable<Option<String>> = Variable::new(
    "AWS_S3_BUCKET",
    "files",
    "Bucket that keeps the bytes of files instead of the local folder",
)
.aliases(&["S3_BUCKET", "MINIO_BUCKET", "MINIO_BUCKET_ASSETS"])
.turns_on("files");

/// The region.
pub static AWS_REGION: Variable<String> = Variable::new(
    "AWS_REGION",
    "files",
    "Region of the bucket; S3-compatible servers need one that they agree with",
)
.aliases(&["S3_REGION", "MINIO_REGION"])
.default("us-east-1");

/// The key's name.
pub static AWS_ACCESS_KEY_ID: Variable<Option<String>> = Variable::new(
    "AWS_ACCESS_KEY_ID",
    "files",
    "Access key of the bucket; needed with AWS_S3_BUCKET or MINIO_ENDPOINT",
)
.aliases(&["S3_ACCESS_KEY_ID", "MINIO_ROOT_USER", "MINIO_ACCESS_KEY"]);

/// The key's secret.
pub static AWS_SECRET_ACCESS_KEY: Variable<Option<Secret>> = Variable::new(
    "AWS_SECRET_ACCESS_KEY",
    "files",
    "Secret of the access key; needed with AWS_S3_BUCKET or MINIO_ENDPOINT",
)
.aliases(&["S3_SECRET_ACCESS_KEY", "MINIO_ROOT_PASSWORD", "MINIO_SECRET_KEY"])
.secret();

/// The token of temporary credentials.
pub static AWS_SESSION_TOKEN: Variable<Option<Secret>> = Variable::new(
    "AWS_SESSION_TOKEN",
    "files",
    "Token that belongs to temporary credentials",
)
.secret();

/// Another server than Amazon's.
pub static AWS_ENDPOINT_URL: Variable<Option<String>> = Variable::new(
    "AWS_ENDPOINT_URL",
    "files",
    "Address of an S3-compatible server, such as http://127.0.0.1:9000; Amazon's own when empty",
)
.aliases(&["AWS_ENDPOINT_URL_S3", "S3_ENDPOINT"])
.check(address);

/// MinIO's address, which is enough to switch it on.
pub static MINIO_ENDPOINT: Variable<Option<String>> = Variable::new(
    "MINIO_ENDPOINT",
    "files",
    "Host and port of MinIO, or its address; the bucket is then assets where AWS_S3_BUCKET names none",
)
.turns_on("files");

/// Whether MinIO is reached by TLS.
pub static MINIO_USE_SSL: Variable<bool> = Variable::new(
    "MINIO_USE_SSL",
    "files",
    "Whether MINIO_ENDPOINT without a scheme is reached by https",
)
.default("false");

/// Where the bucket stands in an address.
pub static S3_FORCE_PATH_STYLE: Variable<Option<bool>> = Variable::new(
    "S3_FORCE_PATH_STYLE",
    "files",
    "Whether the bucket stands in the path instead of the host; true where an endpoint is set",
);

/// What clients reach.
pub static S3_PUBLIC_ENDPOINT: Variable<Option<String>> = Variable::new(
    "S3_PUBLIC_ENDPOINT",
    "files",
    "Address under which clients reach the S3 server, for signed links; AWS_ENDPOINT_URL when empty",
)
.check(address);

/// Whether clients fetch from S3 themselves.
pub static S3_USE_PRESIGNED_URLS: Variable<bool> = Variable::new(
    "S3_USE_PRESIGNED_URLS",
    "files",
    "Whether clients fetch private files from S3 itself and send theirs there; else all bytes pass through Busbar",
)
.default("false");

/// The rows of the variable table that belong to S3.
pub(crate) static VARIABLES: &[&Entry] = &[
    AWS_S3_BUCKET.entry(),
    AWS_REGION.entry(),
    AWS_ACCESS_KEY_ID.entry(),
    AWS_SECRET_ACCESS_KEY.entry(),
    AWS_SESSION_TOKEN.entry(),
    AWS_ENDPOINT_URL.entry(),
    MINIO_ENDPOINT.entry(),
    MINIO_USE_SSL.entry(),
    S3_FORCE_PATH_STYLE.entry(),
    S3_PUBLIC_ENDPOINT.entry(),
    S3_USE_PRESIGNED_URLS.entry(),
];

/// The bucket where MinIO's address alone is set (requirement B41).
const MINIO_BUCKET: &str = "assets";

fn address(text: &str) -> Result<(), String> {
    if text.is_empty() || text.starts_with("http://") || text.starts_with("https://") {
        Ok(())
    } else {
        Err("must begin with http:// or https://".to_owned())
    }
}

/// What the provider is told at start.
#[derive(Clone, Debug)]
pub struct S3Settings {
    /// The bucket.
    pub bucket: String,
    /// Its region.
    pub region: String,
    /// The access key.
    pub access_key_id: String,
    /// Its secret.
    pub secret_access_key: Secret,
    /// The token of temporary credentials.
    pub session_token: Option<Secret>,
    /// Another server than Amazon's, with scheme.
    pub endpoint: Option<String>,
    /// What clients reach, with scheme.
    pub public_endpoint: Option<String>,
    /// Whether the bucket stands in the path.
    pub path_style: bool,
    /// Whether links lead to S3 itself.
    pub presigned_links: bool,
}

impl S3Settings {
    /// The settings in force, `None` where neither `AWS_S3_BUCKET` nor `MINIO_ENDPOINT` is set.
    ///
    /// # Errors
    /// `Invalid` naming the variable that is missing beside it.
    pub fn from_settings(settings: &Settings) -> Result<Option<Self>> {
        let minio = settings.get(&MINIO_ENDPOINT).map(|named| {
            let scheme = if settings.get(&MINIO_USE_SSL) {
                "https"
            } else {
                "http"
            };
            if named.contains("://") {
                named
            } else {
                format!("{scheme}://{named}")
            }
        });
        let bucket = settings.get(&AWS_S3_BUCKET);
        let Some(bucket) = bucket.or_else(|| minio.as_ref().map(|_| MINIO_BUCKET.to_owned())) else {
            return Ok(None);
        };
        let missing = |name: &'static str| {
            Error::invalid(name, format!("{name} is needed for the bucket {bucket}"))
                .code("objects.not_configured")
        };
        let access_key_id = settings
            .get(&AWS_ACCESS_KEY_ID)
            .ok_or_else(|| missing("AWS_ACCESS_KEY_ID"))?;
        let secret_access_key = settings
            .get(&AWS_SECRET_ACCESS_KEY)
            .ok_or_else(|| missing("AWS_SECRET_ACCESS_KEY"))?;
        let endpoint = settings.get(&AWS_ENDPOINT_URL).or(minio);
        // A dot in the bucket's name would not fit the certificate of its host.
        let by_itself = endpoint.is_some() || bucket.contains('.');
        Ok(Some(Self {
            region: settings.get(&AWS_REGION),
            access_key_id,
            secret_access_key,
            session_token: settings.get(&AWS_SESSION_TOKEN),
            path_style: settings.get(&S3_FORCE_PATH_STYLE).unwrap_or(by_itself),
            public_endpoint: settings.get(&S3_PUBLIC_ENDPOINT),
            presigned_links: settings.get(&S3_USE_PRESIGNED_URLS),
            bucket,
            endpoint,
        }))
    }

    /// The address of the bucket, without a slash at its end; the one that clients reach when `public`.
    pub(super) fn base(&self, public: bool) -> String {
        let named = self
            .public_endpoint
            .as_ref()
            .filter(|_| public)
            .or(self.endpoint.as_ref());
        let server = named.map_or_else(
            || format!("https://s3.{}.amazonaws.com", self.region),
            |named| named.trim_end_matches('/').to_owned(),
        );
        match server.split_once("://") {
            Some((scheme, host)) if !self.path_style => format!("{scheme}://{}.{host}", self.bucket),
            _ => format!("{server}/{}", self.bucket),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use busbar_kernel::variables::{Mode, Origin, Source};

    fn read(pairs: &[(&str, &str)]) -> Result<Option<S3Settings>> {
        let pairs = pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let source = Source::new(Origin::Environment, pairs);
        S3Settings::from_settings(&Settings::resolve(VARIABLES, Mode::Development, vec![source]).unwrap())
    }

    #[test]
    fn only_a_bucket_or_minio_switches_it_on() {
        assert!(read(&[]).unwrap().is_none());
        let keys = [
            ("AWS_ACCESS_KEY_ID", "k"),
            ("AWS_SECRET_ACCESS_KEY", "s"),
            ("AWS_ENDPOINT_URL", "http://a"),
        ];
        assert!(
            read(&keys).unwrap().is_none(),
            "keys alone are for other services"
        );
        let error = read(&[("AWS_S3_BUCKET", "b")]).unwrap_err();
        assert_eq!(error.field_str(), Some("AWS_ACCESS_KEY_ID"));
        let error = read(&[("AWS_S3_BUCKET", "b"), ("AWS_ACCESS_KEY_ID", "k")]).unwrap_err();
        assert_eq!(error.field_str(), Some("AWS_SECRET_ACCESS_KEY"));
    }

    #[test]
    fn addresses_by_host_and_by_path() {
        let keys = [("AWS_ACCESS_KEY_ID", "k"), ("AWS_SECRET_ACCESS_KEY", "s")];
        let base = |more: &[(&str, &str)], public| {
            let pairs: Vec<_> = keys.iter().chain(more).copied().collect();
            read(&pairs).unwrap().unwrap().base(public)
        };
        let region = ("AWS_REGION", "eu-north-1");
        let amazon = base(&[("AWS_S3_BUCKET", "b"), region], false);
        assert_eq!(amazon, "https://b.s3.eu-north-1.amazonaws.com");
        let dotted = base(&[("AWS_S3_BUCKET", "a.b"), region], false);
        assert_eq!(dotted, "https://s3.eu-north-1.amazonaws.com/a.b");
        let minio = [
            ("MINIO_ENDPOINT", "minio:9000"),
            ("S3_PUBLIC_ENDPOINT", "https://files.example"),
        ];
        assert_eq!(base(&minio, false), "http://minio:9000/assets");
        assert_eq!(base(&minio, true), "https://files.example/assets");
        let secure = [
            ("MINIO_ENDPOINT", "minio:9000"),
            ("MINIO_USE_SSL", "true"),
            ("MINIO_BUCKET", "b"),
        ];
        assert_eq!(base(&secure, false), "https://minio:9000/b");
    }
}
