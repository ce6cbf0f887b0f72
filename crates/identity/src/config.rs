//! The variables of identity: names, defaults, rules.

use std::time::Duration;

use busbar_kernel::Secret;
use busbar_kernel::variables::{Entry, Rule, Settings, Variable};

use crate::secrets::MINIMUM_SIGNING_LENGTH;

const GROUP: &str = "identity";

/// Signs refresh tokens and CSRF values; outside HS256 tokens are checked with it.
pub static JWT_SECRET: Variable<Option<Secret>> = Variable::new(
    "JWT_SECRET",
    GROUP,
    "signs sessions, at least 32 characters; generated and kept under the data folder in development",
)
.secret()
.production(&[
    Rule::Required,
    Rule::MinimumLength(MINIMUM_SIGNING_LENGTH),
    Rule::NotWeak,
])
.check(long_enough_to_sign);

/// Seals secrets at rest.
pub static ENCRYPTION_KEY: Variable<Option<Secret>> = Variable::new(
    "ENCRYPTION_KEY",
    GROUP,
    "seals stored secrets (AES-256-GCM); JWT_SECRET is used when it is absent; never change it on live data",
)
.secret()
.production(&[Rule::MinimumLength(32), Rule::NotWeak]);

/// The lifetime of an access token.
pub static ACCESS_TOKEN_SECONDS: Variable<u64> = Variable::new(
    "ACCESS_TOKEN_SECONDS",
    GROUP,
    "lifetime of an access token in seconds, 1 to 86400",
)
.default("900")
.check(|raw| within(raw, 1, 86_400));

/// The lifetime of a refresh token that is not used.
pub static REFRESH_TOKEN_DAYS: Variable<u64> = Variable::new(
    "REFRESH_TOKEN_DAYS",
    GROUP,
    "days after which an unused session ends, 1 to 365",
)
.default("7")
.check(|raw| within(raw, 1, 365));

/// The operator's name.
pub static ADMIN_EMAIL: Variable<String> =
    Variable::new("ADMIN_EMAIL", GROUP, "name the operator signs in with")
        .aliases(&["ROOT_ADMIN_USERNAME"])
        .default("admin@example.com")
        .production(&[Rule::Named])
        .check(|raw| match raw.trim() {
            "" => Err("must not be empty".to_owned()),
            name if name.len() > 320 => Err("has at most 320 characters".to_owned()),
            _ => Ok(()),
        });

/// The operator's password.
pub static ADMIN_PASSWORD: Variable<Option<Secret>> = Variable::new(
    "ADMIN_PASSWORD",
    GROUP,
    "password of the operator; generated and printed once in development; a change ends its sessions",
)
.aliases(&["ROOT_ADMIN_PASSWORD"])
.secret()
.production(&[Rule::Required, Rule::MinimumLength(12), Rule::NotWeak]);

/// The key with full rights.
pub static ACCESS_API_KEY: Variable<Option<Secret>> = Variable::new(
    "ACCESS_API_KEY",
    GROUP,
    "first value of the API key with full rights (ik_ is put before it when missing); random when absent",
)
.secret()
.production(&[Rule::MinimumLength(32), Rule::NotWeak]);

/// The key of anonymous callers.
pub static ACCESS_ANON_KEY: Variable<Option<Secret>> = Variable::new(
    "ACCESS_ANON_KEY",
    GROUP,
    "first value of the public key of anonymous callers (anon_ is put before it when missing); random when absent",
)
.secret()
.production(&[Rule::MinimumLength(32)]);

/// Threads that hash passwords.
pub static PASSWORD_THREADS: Variable<usize> = Variable::new(
    "PASSWORD_THREADS",
    GROUP,
    "threads that only hash passwords, up to 64; 0 means one per processor",
)
.default("0")
.check(|raw| within(raw, 0, 64));

/// Passwords waiting to be hashed.
pub static PASSWORD_QUEUE: Variable<usize> = Variable::new(
    "PASSWORD_QUEUE",
    GROUP,
    "sign-ins and sign-ups that may wait for a hash before others are told to come back, 1 to 10000",
)
.default("256")
.check(|raw| within(raw, 1, 10_000));

/// Every variable of this crate.
pub static VARIABLES: &[&Entry] = &[
    JWT_SECRET.entry(),
    ENCRYPTION_KEY.entry(),
    ACCESS_TOKEN_SECONDS.entry(),
    REFRESH_TOKEN_DAYS.entry(),
    ADMIN_EMAIL.entry(),
    ADMIN_PASSWORD.entry(),
    ACCESS_API_KEY.entry(),
    ACCESS_ANON_KEY.entry(),
    PASSWORD_THREADS.entry(),
    PASSWORD_QUEUE.entry(),
];

fn long_enough_to_sign(raw: &str) -> Result<(), String> {
    match raw.chars().count() {
        0 => Ok(()),
        count if count < MINIMUM_SIGNING_LENGTH => {
            Err(format!("must have at least {MINIMUM_SIGNING_LENGTH} characters"))
        }
        _ => Ok(()),
    }
}

fn within(raw: &str, least: u64, most: u64) -> Result<(), String> {
    match raw.trim().parse::<u64>() {
        Ok(number) if (least..=most).contains(&number) => Ok(()),
        _ => Err(format!("must be a whole number from {least} to {most}")),
    }
}

/// The values in force for one directory.
#[derive(Clone, Debug)]
pub struct IdentitySettings {
    /// `JWT_SECRET`.
    pub jwt_secret: Option<Secret>,
    /// `ENCRYPTION_KEY`.
    pub encryption_key: Option<Secret>,
    /// `ACCESS_TOKEN_SECONDS`.
    pub access_lifetime: Duration,
    /// `REFRESH_TOKEN_DAYS`.
    pub refresh_lifetime: Duration,
    /// `ADMIN_EMAIL`.
    pub operator_name: String,
    /// `ADMIN_PASSWORD`.
    pub operator_password: Option<Secret>,
    /// `ACCESS_API_KEY`.
    pub api_key: Option<Secret>,
    /// `ACCESS_ANON_KEY`.
    pub anon_key: Option<Secret>,
    /// `PASSWORD_THREADS`; zero for one per processor.
    pub password_threads: usize,
    /// `PASSWORD_QUEUE`.
    pub password_queue: usize,
}

impl IdentitySettings {
    /// Reads them from the table.
    pub fn from_settings(settings: &Settings) -> Self {
        Self {
            jwt_secret: settings.get(&JWT_SECRET),
            encryption_key: settings.get(&ENCRYPTION_KEY),
            access_lifetime: Duration::from_secs(settings.get(&ACCESS_TOKEN_SECONDS)),
            refresh_lifetime: Duration::from_secs(settings.get(&REFRESH_TOKEN_DAYS) * 86_400),
            operator_name: settings.get(&ADMIN_EMAIL).trim().to_owned(),
            operator_password: settings.get(&ADMIN_PASSWORD),
            api_key: settings.get(&ACCESS_API_KEY),
            anon_key: settings.get(&ACCESS_ANON_KEY),
            password_threads: settings.get(&PASSWORD_THREADS),
            password_queue: settings.get(&PASSWORD_QUEUE),
        }
    }

    #[cfg(test)]
    pub(crate) fn for_tests() -> Self {
        use busbar_kernel::variables::Mode;
        let settings = Settings::resolve(VARIABLES, Mode::Test, Vec::new());
        Self::from_settings(&settings.expect("the defaults are sound"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use busbar_kernel::variables::{Mode, Origin, Source};

    fn problems(mode: Mode, pairs: &[(&str, &str)]) -> Vec<String> {
        let pairs = pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let source = Source::new(Origin::Environment, pairs);
        match Settings::resolve(VARIABLES, mode, vec![source]) {
            Ok(_) => Vec::new(),
            Err(problems) => problems.into_iter().map(|problem| problem.variable).collect(),
        }
    }

    #[test]
    fn a_short_signing_secret_is_refused_even_in_development() {
        assert_eq!(
            problems(Mode::Development, &[("JWT_SECRET", "short")]),
            ["JWT_SECRET"]
        );
        assert!(problems(Mode::Development, &[]).is_empty());
    }

    #[test]
    fn production_asks_for_everything_it_needs() {
        assert_eq!(
            problems(Mode::Production, &[]),
            ["JWT_SECRET", "ADMIN_EMAIL", "ADMIN_PASSWORD"]
        );
        let weak = [
            ("JWT_SECRET", "your-secret-key-change-me-0123456789"),
            ("ROOT_ADMIN_USERNAME", "root@example.com"),
            ("ROOT_ADMIN_PASSWORD", "change-this-password"),
        ];
        assert_eq!(problems(Mode::Staging, &weak), ["JWT_SECRET", "ADMIN_PASSWORD"]);
    }

    #[test]
    fn lifetimes_have_bounds() {
        assert_eq!(
            problems(
                Mode::Test,
                &[("ACCESS_TOKEN_SECONDS", "0"), ("REFRESH_TOKEN_DAYS", "0")]
            ),
            ["ACCESS_TOKEN_SECONDS", "REFRESH_TOKEN_DAYS"]
        );
    }
}
