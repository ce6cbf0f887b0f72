//! The one place where clients of outside HTTP services are built.

use std::time::Duration;

use busbar_kernel::{Error, Result};

/// How long a service may take to accept a connection.
const CONNECT: Duration = Duration::from_secs(5);

/// The longest silence while an answer is read.
const SILENCE: Duration = Duration::from_secs(30);

/// A client for a service whose address the operator configured. It follows no redirect, because a signature is
/// made for one address, and takes no proxy from the environment. Each call sets its own time limit beside these.
///
/// # Errors
/// When the system's certificates cannot be read.
#[expect(clippy::disallowed_methods, reason = "this is the one home of outside calls")]
pub(crate) fn client() -> Result<reqwest::Client> {
    reqwest::Client::builder()
        .connect_timeout(CONNECT)
        .read_timeout(SILENCE)
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .user_agent(concat!("busbar/", env!("CARGO_PKG_VERSION")))
        .build()
        .map_err(|error| Error::internal("an HTTP client could not be built").source(error))
}
