//! The cache's variables.

use busbar_kernel::variables::{Entry, Rule, Settings, Variable};
use busbar_kernel::{Result, Secret};

/// The whole address; stands over the single parts.
pub static REDIS_URL: Variable<Option<Secret>> = Variable::new(
    "REDIS_URL",
    "cache",
    "Redis as redis:// or rediss://, e.g. redis://:password@host:6379/0",
)
.secret()
.turns_on("cache");
/// The host, where the parts are given singly.
pub static REDIS_HOST: Variable<Option<String>> =
    Variable::new("REDIS_HOST", "cache", "Redis' host, instead of REDIS_URL").turns_on("cache");
/// The port.
pub static REDIS_PORT: Variable<u16> =
    Variable::new("REDIS_PORT", "cache", "Redis' port beside REDIS_HOST").default("6379");
/// The password.
pub static REDIS_PASSWORD: Variable<Option<Secret>> =
    Variable::new("REDIS_PASSWORD", "cache", "Redis' password beside REDIS_HOST").secret();
/// TLS.
pub static REDIS_TLS: Variable<bool> = Variable::new(
    "REDIS_TLS",
    "cache",
    "Whether Redis is reached by TLS beside REDIS_HOST",
)
.default("false");
/// The key prefix.
pub static REDIS_PREFIX: Variable<String> =
    Variable::new("REDIS_PREFIX", "cache", "Stands before every key in Redis").default("busbar:");
/// The switch of the school product that must never be on outside development.
pub static REDIS_MOCK: Variable<bool> = Variable::new(
    "REDIS_MOCK",
    "cache",
    "Kept from older products; the cache in process needs no mock",
)
.aliases(&["USE_REDIS_MOCK"])
.default("false")
.production(&[Rule::MustBe("false")]);

/// This crate's part of the variable table.
pub static VARIABLES: &[&Entry] = &[
    REDIS_URL.entry(),
    REDIS_HOST.entry(),
    REDIS_PORT.entry(),
    REDIS_PASSWORD.entry(),
    REDIS_TLS.entry(),
    REDIS_PREFIX.entry(),
    REDIS_MOCK.entry(),
];

/// Where Redis is.
pub(crate) enum Address {
    /// One URL.
    Url(Secret),
    /// Its parts.
    Parts {
        host: String,
        port: u16,
        password: Option<Secret>,
        tls: bool,
    },
}

/// Redis' address when one of its triggers is set.
pub(crate) fn redis_address(settings: &Settings) -> Result<Option<Address>> {
    if let Some(url) = settings.get(&REDIS_URL) {
        return Ok(Some(Address::Url(url)));
    }
    Ok(settings.get(&REDIS_HOST).map(|host| Address::Parts {
        host,
        port: settings.get(&REDIS_PORT),
        password: settings.get(&REDIS_PASSWORD),
        tls: settings.get(&REDIS_TLS),
    }))
}
