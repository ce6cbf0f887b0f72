//! The variables of the edge: origins, limits, proxies, the internal guard.

use busbar_kernel::Secret;
use busbar_kernel::variables::{Entry, Rule, Variable};

/// Origins that browsers may call from.
pub static CORS_ORIGIN: Variable<Vec<String>> = Variable::new(
    "CORS_ORIGIN",
    "server",
    "Origins that browsers may call from, with commas; any in development when empty",
)
.aliases(&["CORS_ORIGINS"])
.production(&[Rule::NoWildcard, Rule::HttpsOnly]);
/// The JSON body limit.
pub static MAX_JSON_BODY_SIZE: Variable<usize> = Variable::new(
    "MAX_JSON_BODY_SIZE",
    "server",
    "The most bytes of a request body that is not an upload",
)
.default("104857600");
/// The request time limit.
pub static REQUEST_TIMEOUT_SECONDS: Variable<u64> = Variable::new(
    "REQUEST_TIMEOUT_SECONDS",
    "server",
    "Seconds until a request must have begun to answer",
)
.default("60");
/// Proxies in front.
pub static TRUSTED_PROXIES: Variable<usize> = Variable::new(
    "TRUSTED_PROXIES",
    "server",
    "How many proxies of yours stand before Busbar and write X-Forwarded-For; 0 ignores the header",
)
.default("0");
/// The general limit.
pub static RATE_LIMIT_PER_MINUTE: Variable<u64> = Variable::new(
    "RATE_LIMIT_PER_MINUTE",
    "server",
    "Requests a minute from one address to all apps together; 0 is no limit. Sign-in has its own",
)
.default("0");
/// The internal key.
pub static INTERNAL_API_KEY: Variable<Option<Secret>> = Variable::new(
    "INTERNAL_API_KEY",
    "server",
    "The key that opens internal routes by the header x-internal-key",
)
.secret()
.production(&[Rule::MinimumLength(32), Rule::NotWeak]);
/// The internal allow-list.
pub static INTERNAL_IP_ALLOWLIST: Variable<Vec<String>> = Variable::new(
    "INTERNAL_IP_ALLOWLIST",
    "server",
    "Addresses that may use internal routes without the key; in production empty means key only",
);
/// Both conditions.
pub static INTERNAL_REQUIRE_BOTH: Variable<bool> = Variable::new(
    "INTERNAL_REQUIRE_BOTH",
    "server",
    "Whether internal routes need the key and an allowed address",
)
.default("false");
/// This crate's part of the variable table.
pub static VARIABLES: &[&Entry] = &[
    CORS_ORIGIN.entry(),
    MAX_JSON_BODY_SIZE.entry(),
    REQUEST_TIMEOUT_SECONDS.entry(),
    TRUSTED_PROXIES.entry(),
    RATE_LIMIT_PER_MINUTE.entry(),
    INTERNAL_API_KEY.entry(),
    INTERNAL_IP_ALLOWLIST.entry(),
    INTERNAL_REQUIRE_BOTH.entry(),
];
