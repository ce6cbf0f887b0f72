//! PostgreSQL: one pool for the owner, one for requests, transactions in one flight.

mod address;
mod backup;
mod connection;
mod decode;
mod encode;
mod error;
mod flight;
mod frame;
mod handle;
mod json;
mod login;
mod migrate;
mod numeric;
mod pool;
mod raw;
mod raw_stream;
mod roles;
mod schema;
mod survey;
mod tls;
mod tools;
mod transaction;
mod turns;

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use busbar_kernel::{Error, Kind, Result};
use tokio_postgres_rustls::MakeRustlsConnect;

pub(crate) use handle::Handle;
pub use survey::Survey;
pub(crate) use transaction::OpenTx;

use crate::Dialect;
use crate::scope::Scope;
use crate::settings::{PostgresSettings, StoreSettings, Tls};
use crate::sql::{Resolver, Target};
use address::Address;
use pool::Pool;
use tools::Tools;
use turns::Turns;

/// The oldest server that is served, as `server_version_num` says it.
const OLDEST: i32 = 150_000;

/// A request's statement has no parallel workers, so that so many long ones keep so many processors busy. What the
/// address of the request login says wins, and so do settings of a function.
const ONE_PROCESSOR: &str = "-c max_parallel_workers_per_gather=0 ";

/// All of a PostgreSQL database.
pub(crate) struct Engine {
    owner: Pool,
    request: Pool,
    tools: Tools,
    turns: Turns,
    pooler: bool,
    bypasses_row_security: bool,
    description: String,
    with_schemas: Arc<Resolver>,
    without_schemas: Arc<Resolver>,
    made: Mutex<HashSet<Scope>>,
}

impl Engine {
    /// Connects, makes the roles and the request login, and refuses an old server or an unsafe login.
    pub(crate) async fn open(settings: &StoreSettings, postgres: &PostgresSettings) -> Result<Arc<Self>> {
        let address = Address::read(&postgres.url, postgres.connect_timeout)?;
        let mode = postgres.tls.or(address.tls).unwrap_or(Tls::Prefer);
        let tls = tls::connector(mode, postgres.tls_ca.as_deref())?;
        let timeout = settings.statement_timeout;
        let owner = pool(&address, mode, &tls, postgres, "", timeout)?;
        let mut lease = owner
            .lease()
            .await
            .map_err(|error| error.with("server", address.shown()))?;
        let version = version(&lease.client).await?;
        schema::ensure(&lease.client, &Scope::Platform).await?;
        let prepared = roles::prepare(&lease.client, postgres.request_url.is_some()).await?;
        let owner_name: String = connection::look_up(&lease.client, "SELECT session_user::text").await?;
        lease.settle();
        drop(lease);
        let requests = match (&postgres.request_url, &prepared.login) {
            (Some(url), _) => Address::read(url, postgres.connect_timeout)?,
            (None, Some((login, password))) => {
                let mut address = address.clone();
                address.config.user(login).password(password.expose());
                address
            }
            (None, None) => return Err(Error::internal("there is no request login")),
        };
        let request = pool(&requests, mode, &tls, postgres, ONE_PROCESSOR, timeout)?;
        let tools = Tools::new(requests.config, mode, postgres.tls_ca.clone());
        let mut lease = request.lease().await?;
        login::check(&lease.client, &owner_name).await?;
        lease.settle();
        drop(lease);
        let resolver = |schemas| {
            Arc::new(Resolver::new(Target {
                dialect: Dialect::Postgres,
                schemas,
            }))
        };
        Ok(Arc::new(Self {
            owner,
            request,
            tools,
            turns: Turns::new(postgres),
            pooler: postgres.pooler,
            bypasses_row_security: prepared.bypasses_row_security,
            description: format!("PostgreSQL {version} at {}", address.shown()),
            with_schemas: resolver(true),
            without_schemas: resolver(false),
            made: Mutex::default(),
        }))
    }

    /// The scope's schema, made when there is none.
    pub(crate) async fn scope(self: &Arc<Self>, scope: &Scope) -> Result<Handle> {
        let known = self
            .made
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .contains(scope);
        if !known {
            let mut lease = self.owner.lease().await?;
            schema::ensure(&lease.client, scope).await?;
            lease.settle();
            self.made
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .insert(scope.clone());
        }
        let schema = scope.schema();
        let path: Arc<str> = handle::search_path(&schema).into();
        Ok(Handle {
            engine: self.clone(),
            owner_path: match scope {
                Scope::Data => handle::OWNER_PATH.into(),
                _ => path.clone(),
            },
            path,
            schema: schema.into(),
            resolver: match scope.has_schemas() {
                true => self.with_schemas.clone(),
                false => self.without_schemas.clone(),
            },
        })
    }

    pub(crate) fn bypasses_row_security(&self) -> bool {
        self.bypasses_row_security
    }

    pub(crate) fn describe(&self) -> String {
        self.description.clone()
    }

    pub(crate) fn close(&self) {
        self.owner.close();
        self.request.close();
    }
}

fn pool(
    address: &Address,
    mode: Tls,
    tls: &MakeRustlsConnect,
    settings: &PostgresSettings,
    options: &str,
    statement_timeout: std::time::Duration,
) -> Result<Pool> {
    let mut config = address.config.clone();
    config.ssl_mode(tls::mode(mode));
    if !settings.pooler {
        // Given at the start, so that RESET ALL comes back to them; poolers refuse such options.
        let given = config.get_options().unwrap_or_default().to_owned();
        let limit = statement_timeout.as_millis();
        config.options(format!(
            "{options}{given} -c TimeZone=UTC -c DateStyle=ISO -c IntervalStyle=iso_8601 -c statement_timeout={limit}"
        ));
    }
    Pool::new(config, tls.clone(), settings)
}

async fn version(client: &tokio_postgres::Client) -> Result<String> {
    let number: i32 =
        connection::look_up(client, "SELECT current_setting('server_version_num')::int").await?;
    let name: String = connection::look_up(
        client,
        "SELECT split_part(current_setting('server_version'), ' ', 1)",
    )
    .await?;
    if number < OLDEST {
        return Err(Error::new(
            Kind::Unavailable,
            "store.server_too_old",
            format!("PostgreSQL {name} is too old: 15 or newer is needed"),
        ));
    }
    Ok(name)
}
