//! PostgreSQL's address as people write it, for the driver.

use std::time::Duration;

use busbar_kernel::{Error, Kind, Result, Secret};
use tokio_postgres::Config;
use tokio_postgres::config::Host;

use crate::settings::Tls;

/// Words of other tools that say nothing to us.
const IGNORED: [&str; 9] = [
    "schema",
    "pgbouncer",
    "connection_limit",
    "pool_timeout",
    "pool_size",
    "sslcert",
    "sslkey",
    "sslrootcert",
    "uselibpqcompat",
];

/// An address in parts.
#[derive(Clone, Debug)]
pub(super) struct Address {
    pub(super) config: Config,
    /// What the address says of TLS.
    pub(super) tls: Option<Tls>,
}

impl Address {
    /// Reads an address; SQLAlchemy's `postgresql+driver://` and the parameters of other tools are understood.
    ///
    /// # Errors
    /// An address that cannot be read; the message never holds it.
    pub(super) fn read(url: &Secret, connect_timeout: Duration) -> Result<Self> {
        let invalid = |what: &str| {
            let message = format!("The address of PostgreSQL cannot be read: {what}");
            Error::new(Kind::Invalid, "store.settings", message)
        };
        let (scheme, rest) = url
            .expose()
            .split_once("://")
            .ok_or_else(|| invalid("no postgres://"))?;
        let scheme = scheme.split('+').next().unwrap_or(scheme);
        let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
        let mut tls = None;
        let mut kept = Vec::new();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            match name {
                "sslmode" | "ssl" => {
                    tls = Some(Tls::parse(value).ok_or_else(|| invalid("an unknown sslmode"))?)
                }
                _ if IGNORED.contains(&name) => {}
                _ => kept.push(pair),
            }
        }
        let mut config: Config = format!("{scheme}://{place}?{}", kept.join("&"))
            .parse()
            .map_err(|error: tokio_postgres::Error| invalid(&error.to_string()))?;
        config.connect_timeout(connect_timeout);
        if config.get_application_name().is_none() {
            config.application_name("busbar");
        }
        Ok(Self { config, tls })
    }

    /// `host:port/database`, without the login.
    pub(super) fn shown(&self) -> String {
        let host = match self.config.get_hosts().first() {
            Some(Host::Tcp(host)) => host.clone(),
            #[cfg(unix)]
            Some(Host::Unix(path)) => path.display().to_string(),
            None => "localhost".to_owned(),
        };
        let port = self.config.get_ports().first().copied().unwrap_or(5432);
        format!("{host}:{port}/{}", self.config.get_dbname().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(url: &str) -> Result<Address> {
        Address::read(&Secret::new(url), Duration::from_secs(1))
    }

    #[test]
    fn addresses_of_other_tools_are_understood() {
        let address =
            read("postgresql+asyncpg://u:p%40ss@db:5433/x?sslmode=verify-full&schema=public&pgbouncer=true")
                .unwrap();
        assert_eq!(address.shown(), "db:5433/x");
        assert_eq!(address.tls, Some(Tls::VerifyFull));
        assert_eq!(address.config.get_password(), Some(&b"p@ss"[..]));
    }

    #[test]
    fn a_refusal_does_not_repeat_the_password() {
        for url in [
            "postgres://u:hunter2@db/x?sslmode=maybe",
            "postgres://u:hunter2@db:port/x",
        ] {
            let error = read(url).unwrap_err();
            assert!(!error.operator_line().contains("hunter2"), "{url}");
        }
    }
}
