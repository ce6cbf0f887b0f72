//! What the edge found out about a request before anything else ran.

use std::net::IpAddr;
use std::sync::OnceLock;
use std::time::Duration;

/// The request's id, the client, the path.
#[derive(Clone, Debug)]
pub struct Seen {
    /// The value of `x-request-id`: the client's when it is a plain text of at most 128 characters, else ours.
    pub request_id: String,
    /// The client's address, behind the configured number of trusted proxies.
    pub client: IpAddr,
    /// Whether a forwarding header was present although no proxy is trusted.
    pub forwarded_unverified: bool,
    /// The path as sent, without query.
    pub path: String,
    /// Whether errors may carry details that help a developer.
    pub strict: bool,
    /// How long the gate took to look at the credential, where it says so.
    pub credential: OnceLock<Duration>,
}
