//! What must be said, or refused, before strangers can reach this server.

use std::net::IpAddr;

use busbar_kernel::variables::{Entry, Settings};
use busbar_kernel::{Error, Result};

/// The address to listen on: `HOST`, else this machine alone in development and test, every address otherwise.
pub fn host(settings: &Settings) -> String {
    let default = if settings.mode().is_strict() {
        "0.0.0.0"
    } else {
        "127.0.0.1"
    };
    settings
        .get(&crate::config::HOST)
        .unwrap_or_else(|| default.to_owned())
}

/// Refuses a development server on a public address whose operator's password would be generated.
///
/// # Errors
/// `server.exposed`, with what to set.
pub fn check(settings: &Settings) -> Result<()> {
    let host = host(settings);
    let chosen = settings.is_set(&busbar_identity::config::ADMIN_PASSWORD);
    if settings.mode().is_strict() || is_this_machine(&host) || chosen {
        return Ok(());
    }
    let message = format!(
        "HOST is {host}, which others can reach, and the operator's password would be generated: \
         set ADMIN_PASSWORD, or leave HOST at 127.0.0.1"
    );
    Err(Error::invalid("HOST", message).code("server.exposed"))
}

/// The compatibility rows that somebody opened by name.
pub fn opened(settings: &Settings) -> Vec<&'static Entry> {
    let rows = settings.all().iter();
    rows.filter(|row| row.entry.name.starts_with("INSFORGE_COMPAT_"))
        .filter(|row| row.value.as_deref() == Some("original"))
        .map(|row| row.entry)
        .collect()
}

fn is_this_machine(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}
