//! What a store is opened with, read from the variables.

use std::path::PathBuf;
use std::time::Duration;

use busbar_kernel::variables::Settings;
use busbar_kernel::{Error, Kind, Result, Secret};

use crate::SqliteFunction;
use crate::config;

/// What a store is opened with.
#[derive(Clone, Debug)]
pub struct StoreSettings {
    /// PostgreSQL, when one is configured.
    pub postgres: Option<PostgresSettings>,
    /// SQLite, in use when `postgres` is none.
    pub sqlite: SqliteSettings,
    /// Functions that SQL may call on SQLite, registered on every connection.
    pub sqlite_functions: Vec<SqliteFunction>,
    /// How long one statement or batch may take where no session says otherwise.
    pub statement_timeout: Duration,
}

/// SQLite's folder and limits.
#[derive(Clone, Debug)]
pub struct SqliteSettings {
    /// The folder of everything embedded; the files are in its folder `sql`.
    pub data_dir: PathBuf,
    /// When a commit counts as durable.
    pub synchronous: Synchronous,
    /// Reading threads; 0 is one per core, at least 2.
    pub readers: usize,
    /// Writing threads.
    pub writers: usize,
    /// The most files open at once.
    pub open_files: usize,
    /// The most writes waiting per writing thread.
    pub write_queue: usize,
}

/// SQLite's `synchronous`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Synchronous {
    /// Synced before the answer: an answered write survives power loss.
    Full,
    /// Survives the process, may lose the last writes when power is lost.
    Normal,
    /// Never synced: for tests that show what syncing is for.
    Off,
}

/// PostgreSQL's address, pools and limits.
#[derive(Clone, Debug)]
pub struct PostgresSettings {
    /// The owner's address.
    pub url: Secret,
    /// The request login's address, when an administrator made it.
    pub request_url: Option<Secret>,
    /// TLS; none follows the address' `sslmode`, else `prefer`.
    pub tls: Option<Tls>,
    /// Further authorities, a PEM file.
    pub tls_ca: Option<PathBuf>,
    /// A transaction pooler stands before it.
    pub pooler: bool,
    /// The fewest connections kept, per pool.
    pub pool_min: usize,
    /// The most connections, per pool.
    pub pool_max: usize,
    /// How long to wait for a free connection.
    pub acquire_timeout: Duration,
    /// How long a connection above the fewest may idle.
    pub idle_timeout: Duration,
    /// How long opening a connection may take.
    pub connect_timeout: Duration,
    /// So many long reads of requests run at once; 0 is one fewer than this machine has processors.
    pub long_reads: usize,
}

/// TLS to PostgreSQL, in libpq's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tls {
    /// Never.
    Disable,
    /// When the server offers it, without verifying it.
    Prefer,
    /// Always, without verifying the server: safe from listeners, not from impostors.
    Require,
    /// Always, with a certificate of a known authority for any host.
    VerifyCa,
    /// Always, with a certificate of a known authority for this host.
    VerifyFull,
}

impl Tls {
    pub(crate) fn parse(word: &str) -> Option<Self> {
        match word.trim().to_ascii_lowercase().as_str() {
            "false" | "0" | "no" | "off" | "disable" => Some(Self::Disable),
            "allow" | "prefer" => Some(Self::Prefer),
            "require" => Some(Self::Require),
            "verify-ca" => Some(Self::VerifyCa),
            "true" | "1" | "yes" | "on" | "verify-full" => Some(Self::VerifyFull),
            _ => None,
        }
    }
}

impl StoreSettings {
    /// The settings in force.
    ///
    /// # Errors
    /// Values that contradict each other, naming the variables.
    pub fn from_settings(settings: &Settings) -> Result<Self> {
        let milliseconds = |variable| Duration::from_millis(settings.get(variable));
        let synchronous = match settings
            .get(&config::SQLITE_SYNCHRONOUS)
            .to_ascii_uppercase()
            .as_str()
        {
            "OFF" => Synchronous::Off,
            "NORMAL" => Synchronous::Normal,
            _ => Synchronous::Full,
        };
        Ok(Self {
            postgres: postgres(settings)?,
            sqlite: SqliteSettings {
                data_dir: settings.get(&config::DATA_DIR),
                synchronous,
                readers: settings.get(&config::SQLITE_READERS),
                writers: settings.get(&config::SQLITE_WRITERS),
                open_files: settings.get(&config::SQLITE_OPEN_FILES),
                write_queue: settings.get(&config::SQLITE_WRITE_QUEUE),
            },
            sqlite_functions: Vec::new(),
            statement_timeout: milliseconds(&config::DB_STATEMENT_TIMEOUT_MS),
        })
    }

    /// SQLite in `data_dir`, everything else by default.
    pub fn sqlite(data_dir: impl Into<PathBuf>) -> Self {
        Self {
            postgres: None,
            sqlite: SqliteSettings {
                data_dir: data_dir.into(),
                synchronous: Synchronous::Full,
                readers: 0,
                writers: 2,
                open_files: 256,
                write_queue: 8192,
            },
            sqlite_functions: Vec::new(),
            statement_timeout: Duration::from_secs(30),
        }
    }

    /// PostgreSQL at `url`, everything else by default.
    pub fn postgres(url: impl Into<String>) -> Self {
        Self {
            postgres: Some(PostgresSettings {
                url: Secret::new(url),
                request_url: None,
                tls: None,
                tls_ca: None,
                pooler: false,
                pool_min: 5,
                pool_max: 20,
                acquire_timeout: Duration::from_secs(60),
                idle_timeout: Duration::from_secs(10),
                connect_timeout: Duration::from_secs(5),
                long_reads: 0,
            }),
            ..Self::sqlite("./data")
        }
    }
}

fn postgres(settings: &Settings) -> Result<Option<PostgresSettings>> {
    let address = settings.get(&config::DATABASE_URL);
    let host = settings.get(&config::POSTGRES_HOST);
    let url = match (address, host) {
        (None, None) => return Ok(None),
        (Some(_), Some(_))
            if settings.is_set(&config::POSTGRES_PORT) || settings.is_set(&config::POSTGRES_DB) =>
        {
            return Err(contradiction(
                "DATABASE_URL and POSTGRES_HOST are both set: keep one",
            ));
        }
        (Some(address), Some(host)) if !address.expose().contains(&host) => {
            return Err(contradiction(
                "DATABASE_URL and POSTGRES_HOST name different hosts: keep one",
            ));
        }
        (Some(address), _) => address,
        (None, Some(host)) => parts(settings, &host),
    };
    let (pool_min, pool_max) = (
        settings.get(&config::DB_POOL_MIN),
        settings.get(&config::DB_POOL_MAX),
    );
    if pool_min > pool_max {
        return Err(contradiction("DB_POOL_MIN is above DB_POOL_MAX"));
    }
    let tls = match settings.get(&config::DB_SSL) {
        Some(word) => Tls::parse(&word),
        // In production TLS is off only by name, in DB_SSL or in the address.
        None if settings.mode().is_strict() && !url.expose().contains("sslmode=") => Some(Tls::VerifyFull),
        None => None,
    };
    let milliseconds = |variable| Duration::from_millis(settings.get(variable));
    Ok(Some(PostgresSettings {
        url,
        request_url: settings.get(&config::DB_REQUEST_URL),
        tls,
        tls_ca: settings.get(&config::DB_SSL_CA),
        pooler: settings.get(&config::DB_POOLER),
        pool_min,
        pool_max,
        acquire_timeout: milliseconds(&config::DB_POOL_ACQUIRE_TIMEOUT_MS),
        idle_timeout: milliseconds(&config::DB_POOL_IDLE_TIMEOUT_MS),
        connect_timeout: milliseconds(&config::DB_CONNECT_TIMEOUT_MS),
        long_reads: settings.get(&config::DB_LONG_READS),
    }))
}

fn parts(settings: &Settings, host: &str) -> Secret {
    let quoted = |text: &str| percent(text);
    let password = settings
        .get(&config::POSTGRES_PASSWORD)
        .map(|password| format!(":{}", quoted(password.expose())))
        .unwrap_or_default();
    Secret::new(format!(
        "postgres://{}{password}@{}:{}/{}",
        quoted(&settings.get(&config::POSTGRES_USER)),
        quoted(host),
        settings.get(&config::POSTGRES_PORT),
        quoted(&settings.get(&config::POSTGRES_DB)),
    ))
}

/// Everything but letters, digits and `-._~` as `%41`.
fn percent(text: &str) -> String {
    text.bytes().fold(String::new(), |mut done, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            done.push(char::from(byte));
        } else {
            done.push_str(&format!("%{byte:02X}"));
        }
        done
    })
}

fn contradiction(message: &'static str) -> Error {
    Error::new(Kind::Invalid, "store.settings", message)
}

#[cfg(test)]
mod tests {
    use busbar_kernel::variables::{Mode, Origin, Source};

    use super::*;

    fn read(mode: Mode, pairs: &[(&str, &str)]) -> Result<StoreSettings> {
        let pairs = pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let source = Source::new(Origin::Environment, pairs);
        let settings = Settings::resolve(config::VARIABLES, mode, vec![source])
            .map_err(|problems| Error::internal(format!("{problems:?}")))?;
        StoreSettings::from_settings(&settings)
    }

    #[test]
    fn nothing_set_means_sqlite_with_full_durability() {
        let settings = read(Mode::Production, &[]).unwrap();
        assert!(settings.postgres.is_none());
        assert_eq!(settings.sqlite.synchronous, Synchronous::Full);
        assert!(read(Mode::Staging, &[("SQLITE_SYNCHRONOUS", "off")]).is_err());
        assert!(read(Mode::Development, &[("SQLITE_SYNCHRONOUS", "off")]).is_ok());
    }

    #[test]
    fn a_host_is_as_good_as_an_address_and_both_may_not_differ() {
        let parts = [
            ("POSTGRES_HOST", "db"),
            ("POSTGRES_PASSWORD", "p@ss:/x"),
            ("POSTGRES_DB", "a b"),
        ];
        let settings = read(Mode::Development, &parts).unwrap().postgres.unwrap();
        assert_eq!(
            settings.url.expose(),
            "postgres://postgres:p%40ss%3A%2Fx@db:5432/a%20b"
        );
        let both = [("DATABASE_URL", "postgres://u@one/x"), ("POSTGRES_HOST", "two")];
        assert_eq!(
            read(Mode::Development, &both).unwrap_err().code_str(),
            "store.settings"
        );
    }

    #[test]
    fn production_leaves_tls_off_only_by_name() {
        let address = ("DATABASE_URL", "postgres://u@db/x");
        let tls = |mode, pairs: &[(&str, &str)]| read(mode, pairs).unwrap().postgres.unwrap().tls;
        assert_eq!(tls(Mode::Production, &[address]), Some(Tls::VerifyFull));
        assert_eq!(
            tls(Mode::Production, &[address, ("DB_SSL", "false")]),
            Some(Tls::Disable)
        );
        assert_eq!(tls(Mode::Development, &[address]), None);
        assert!(read(Mode::Development, &[address, ("DB_SSL", "maybe")]).is_err());
        assert!(read(Mode::Development, &[("DATABASE_URL", "mysql://u@db/x")]).is_err());
    }

    #[test]
    fn pool_defaults_are_the_products() {
        let postgres = read(Mode::Test, &[("DATABASE_URL", "postgresql+asyncpg://u@db/x")])
            .unwrap()
            .postgres
            .unwrap();
        assert_eq!((postgres.pool_min, postgres.pool_max), (5, 20));
        assert_eq!(postgres.acquire_timeout, Duration::from_secs(60));
        let crossed = [("DATABASE_URL", "postgres://u@db/x"), ("DB_POOL_MIN", "30")];
        assert!(read(Mode::Test, &crossed).is_err());
    }
}
