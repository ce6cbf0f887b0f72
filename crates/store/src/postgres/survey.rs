//! A look at a database that may be somebody else's: nothing is made for it, no role, no schema.

use busbar_kernel::{Error, Result};
use serde::de::DeserializeOwned;
use tokio_postgres::Client;

use super::address::Address;
use super::pool::{Lease, Pool};
use super::{error, tls};
use crate::settings::{StoreSettings, Tls};

/// The owner's connection to a PostgreSQL database, before anything of Busbar's is in it.
pub struct Survey {
    pool: Pool,
    shown: String,
}

impl Survey {
    /// Makes ready to connect; none where the data are in SQLite.
    ///
    /// # Errors
    /// An address that cannot be read, a certificate that cannot be used.
    pub fn open(settings: &StoreSettings) -> Result<Option<Self>> {
        let Some(postgres) = &settings.postgres else {
            return Ok(None);
        };
        let address = Address::read(&postgres.url, postgres.connect_timeout)?;
        let mode = postgres.tls.or(address.tls).unwrap_or(Tls::Prefer);
        let connector = tls::connector(mode, postgres.tls_ca.as_deref())?;
        let pool = super::pool(
            &address,
            mode,
            &connector,
            postgres,
            "",
            settings.statement_timeout,
        )?;
        Ok(Some(Self {
            pool,
            shown: address.shown(),
        }))
    }

    /// Where it is, without the login.
    pub fn describe(&self) -> &str {
        &self.shown
    }

    /// The rows of a query, which can change nothing.
    ///
    /// # Errors
    /// The database's, or rows that do not fit `T`.
    pub async fn rows<T: DeserializeOwned>(&self, sql: &str) -> Result<Vec<T>> {
        let lease = self.pool.lease().await?;
        let wrapped = format!("SELECT coalesce(json_agg(told), '[]')::text FROM ({sql}) AS told");
        let text = async {
            lease.client.batch_execute("BEGIN READ ONLY").await?;
            let row = lease.client.query_one(&wrapped, &[]).await?;
            row.try_get::<_, String>(0)
        };
        let text = text.await.map_err(error::map)?;
        serde_json::from_str(&text).map_err(|error| Error::internal("a row does not fit").source(error))
    }

    /// Runs statements as one transaction of the owner's: all of them, or none.
    ///
    /// # Errors
    /// The first failing statement's.
    pub async fn change(&self, statements: &[String]) -> Result<()> {
        let lease: Lease = self.pool.lease().await?;
        let client: &Client = &lease.client;
        client
            .batch_execute("BEGIN; SET LOCAL statement_timeout = 0; SET LOCAL search_path = public, pg_temp")
            .await
            .map_err(error::map)?;
        for statement in statements {
            let done = client.batch_execute(statement).await;
            // The connection is closed with the lease, and the transaction with it.
            done.map_err(|failure| error::map(failure).with("statement", statement.clone()))?;
        }
        client.batch_execute("COMMIT").await.map_err(error::map)
    }
}
