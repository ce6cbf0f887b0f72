//! Signed requests to one bucket, repeated where that may help.

use std::sync::Arc;
use std::time::Duration;

use busbar_kernel::{Clock, Error, Result, random};
use busbar_ports::objects::{LinkRequest, ObjectName};
use busbar_ports::sigv4::{self, Canonical, Scope, SigningKey};
use bytes::Bytes;
use http::Method;
use reqwest::{Response, Url};

use super::errors;
use super::settings::S3Settings;
use crate::outbound;

/// How often a request that may pass by itself is sent.
const ATTEMPTS: u32 = 4;

/// The wait before the second attempt, doubled before each further one; up to half as much again is added.
const FIRST_WAIT: Duration = Duration::from_millis(100);

/// A request without body may take this long.
pub(super) const SHORT: Duration = Duration::from_secs(30);

/// A request with bytes, or one after which the server puts parts together, may take this long.
pub(super) const LONG: Duration = Duration::from_secs(300);

/// One request to be made; everything in it can be sent again.
pub(super) struct Call<'a> {
    pub(super) method: Method,
    pub(super) name: Option<&'a ObjectName>,
    pub(super) query: &'a [(&'a str, &'a str)],
    pub(super) range: Option<String>,
    /// `/bucket/name` of what is to be copied.
    pub(super) source: Option<String>,
    pub(super) body: Bytes,
    /// Until the answer's head, and with a short body until its end; `None` where the answer is a stream.
    pub(super) within: Option<Duration>,
}

impl<'a> Call<'a> {
    pub(super) fn new(method: Method, name: Option<&'a ObjectName>) -> Self {
        Self {
            method,
            name,
            query: &[],
            range: None,
            source: None,
            body: Bytes::new(),
            within: Some(SHORT),
        }
    }
}

/// A bucket and how it is reached.
pub(super) struct Client {
    http: reqwest::Client,
    pub(super) settings: S3Settings,
    base: String,
    pub(super) clock: Arc<dyn Clock>,
}

impl Client {
    pub(super) fn new(settings: S3Settings, clock: Arc<dyn Clock>) -> Result<Self> {
        let base = settings.base(false);
        parsed(&base)?;
        parsed(&settings.base(true))?;
        Ok(Self {
            http: outbound::client()?,
            base,
            settings,
            clock,
        })
    }

    /// Sends it until it succeeds, will not pass by itself, or was tried often enough.
    pub(super) async fn send(&self, call: &Call<'_>) -> Result<Response> {
        let mut wait = FIRST_WAIT;
        let mut attempt = 1;
        loop {
            match self.once(call).await {
                Err(error) if error.is_temporary() && attempt < ATTEMPTS => {
                    tracing::debug!(attempt, error = error.operator_line(), "S3 is asked again");
                    let millis = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
                    tokio::time::sleep(wait + Duration::from_millis(random::below(millis / 2 + 1))).await;
                    wait *= 2;
                    attempt += 1;
                }
                done => return done,
            }
        }
    }

    /// The same, for an answer that is short enough to be read as a whole.
    pub(super) async fn text(&self, call: &Call<'_>) -> Result<String> {
        self.send(call).await?.text().await.map_err(errors::broken)
    }

    async fn once(&self, call: &Call<'_>) -> Result<Response> {
        let path = match call.name {
            Some(name) => format!("{}/{name}", self.base),
            None => format!("{}/", self.base.trim_end_matches('/')),
        };
        let mut url = parsed(&path)?;
        let moment = self.clock.now();
        let stamp = sigv4::stamp(moment);
        let payload = if call.body.is_empty() {
            sigv4::EMPTY_PAYLOAD.to_owned()
        } else {
            sigv4::hash(&call.body)
        };
        let host = host(&url);
        let token = self.settings.session_token.as_ref().map(|token| token.expose());
        let mut headers = vec![
            ("host", host.as_str()),
            ("x-amz-content-sha256", payload.as_str()),
            ("x-amz-date", stamp.as_str()),
        ];
        headers.extend(call.range.as_deref().map(|range| ("range", range)));
        headers.extend(call.source.as_deref().map(|source| ("x-amz-copy-source", source)));
        headers.extend(token.map(|token| ("x-amz-security-token", token)));
        headers.sort_unstable();
        let canonical = Canonical {
            method: call.method.as_str(),
            path: url.path(),
            query: call.query,
            headers: &headers,
            payload: &payload,
        };
        let scope = Scope::at(moment, &self.settings.region, "s3");
        let key = SigningKey::derive(&self.settings.secret_access_key, &scope);
        let hashed = sigv4::hash(canonical.text().as_bytes());
        let authorization = format!(
            "{} Credential={}/{}, SignedHeaders={}, Signature={}",
            sigv4::ALGORITHM,
            self.settings.access_key_id,
            scope.text(),
            canonical.signed_headers(),
            key.sign(&scope.string_to_sign(&stamp, &hashed)),
        );
        let query = canonical.query_text();
        if !query.is_empty() {
            url.set_query(Some(&query));
        }
        let mut request = self
            .http
            .request(call.method.clone(), url)
            .header("authorization", authorization);
        for (name, value) in headers.iter().filter(|(name, _)| *name != "host") {
            request = request.header(*name, *value);
        }
        if call.method == Method::PUT || call.method == Method::POST {
            request = request
                .header("content-length", call.body.len())
                .body(call.body.clone());
        }
        if let Some(within) = call.within {
            request = request.timeout(within);
        }
        let answer = request.send().await.map_err(errors::broken)?;
        if answer.status().is_success() {
            Ok(answer)
        } else {
            Err(errors::of(answer).await)
        }
    }

    /// An address that reads the bytes for a time, made for the host that clients reach.
    pub(super) fn link(&self, name: &ObjectName, wanted: &LinkRequest) -> Result<String> {
        let url = parsed(&format!("{}/{name}", self.settings.base(true)))?;
        let moment = self.clock.now();
        let scope = Scope::at(moment, &self.settings.region, "s3");
        let stamp = sigv4::stamp(moment);
        let credential = format!("{}/{}", self.settings.access_key_id, scope.text());
        let seconds = wanted
            .lifetime
            .as_secs()
            .clamp(1, LinkRequest::LONGEST.as_secs())
            .to_string();
        let mut query = vec![
            ("X-Amz-Algorithm", sigv4::ALGORITHM),
            ("X-Amz-Credential", &credential),
            ("X-Amz-Date", &stamp),
            ("X-Amz-Expires", &seconds),
            ("X-Amz-SignedHeaders", "host"),
        ];
        let token = self.settings.session_token.as_ref().map(|token| token.expose());
        query.extend(token.map(|token| ("X-Amz-Security-Token", token)));
        query.extend(
            wanted
                .content_type
                .as_deref()
                .map(|value| ("response-content-type", value)),
        );
        query.extend(
            wanted
                .disposition
                .as_deref()
                .map(|value| ("response-content-disposition", value)),
        );
        let host = host(&url);
        let canonical = Canonical {
            method: "GET",
            path: url.path(),
            query: &query,
            headers: &[("host", &host)],
            payload: sigv4::UNSIGNED_PAYLOAD,
        };
        let key = SigningKey::derive(&self.settings.secret_access_key, &scope);
        let hashed = sigv4::hash(canonical.text().as_bytes());
        let signature = key.sign(&scope.string_to_sign(&stamp, &hashed));
        let (address, query) = (url.as_str(), canonical.query_text());
        Ok(format!("{address}?{query}&X-Amz-Signature={signature}"))
    }
}

pub(super) fn parsed(address: &str) -> Result<Url> {
    let url = Url::parse(address).ok().filter(|url| url.host_str().is_some());
    url.ok_or_else(|| {
        Error::invalid("AWS_ENDPOINT_URL", format!("{address} is not an address"))
            .code("objects.not_configured")
    })
}

/// The host as it is sent and signed: a port only where it is not the scheme's own.
fn host(url: &Url) -> String {
    let name = url.host_str().unwrap_or_default();
    url.port()
        .map_or_else(|| name.to_owned(), |port| format!("{name}:{port}"))
}
