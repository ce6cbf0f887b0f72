//! One connection: its driver, the statements it remembers, and how connections are made.

use std::num::NonZeroUsize;
use std::sync::Arc;

use busbar_kernel::{Error, Kind, Result};
use deadpool::managed::{self, Metrics, RecycleError, RecycleResult};
use lru::LruCache;
use tokio_postgres::{Client, Config, Statement};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::error::{self, Trouble};
use crate::sql::Dialected;

/// How many prepared statements a connection remembers.
const REMEMBERED: usize = 256;

/// A statement as it can be sent: prepared, or by its text where a pooler stands between.
#[derive(Clone)]
pub(super) enum Text {
    Prepared(Statement),
    Unnamed(Arc<Dialected>),
}

/// A connection and what it remembers.
pub(super) struct Connection {
    pub(super) client: Client,
    /// The search path the session stands in, when the store has set one.
    pub(super) path: Option<Arc<str>>,
    /// By search path and role, and by text: what a name means depends on the first.
    statements: LruCache<(Arc<str>, u64), Statement>,
    pooler: bool,
}

impl Connection {
    /// The statement if it can be sent at once.
    pub(super) fn known(&mut self, place: &Arc<str>, text: &Arc<Dialected>) -> Option<Text> {
        if self.pooler {
            return Some(Text::Unnamed(text.clone()));
        }
        let key = (place.clone(), text.id);
        self.statements.get(&key).cloned().map(Text::Prepared)
    }

    /// The statement, prepared now when it is not known.
    pub(super) async fn text(&mut self, place: &Arc<str>, text: &Arc<Dialected>) -> Result<Text, Trouble> {
        if let Some(known) = self.known(place, text) {
            return Ok(known);
        }
        let statement = self.client.prepare(&text.sql).await?;
        self.statements.put((place.clone(), text.id), statement.clone());
        Ok(Text::Prepared(statement))
    }

    /// Forgets every statement.
    pub(super) fn forget(&mut self) {
        self.statements.clear();
        self.client.clear_type_cache();
    }
}

/// Makes connections of one login.
pub(super) struct Manager {
    pub(super) config: Config,
    pub(super) tls: MakeRustlsConnect,
    pub(super) pooler: bool,
}

impl managed::Manager for Manager {
    type Type = Connection;
    type Error = Error;

    async fn create(&self) -> Result<Connection> {
        let connected = self.config.connect(self.tls.clone()).await;
        let (client, connection) = connected.map_err(refused)?;
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection to PostgreSQL ended");
            }
        });
        Ok(Connection {
            client,
            path: None,
            statements: LruCache::new(NonZeroUsize::new(REMEMBERED).unwrap_or(NonZeroUsize::MIN)),
            pooler: self.pooler,
        })
    }

    async fn recycle(&self, connection: &mut Connection, _: &Metrics) -> RecycleResult<Error> {
        match connection.client.is_closed() {
            true => Err(RecycleError::Message("closed".into())),
            false => Ok(()),
        }
    }
}

/// Why no connection could be made, for the operator; a client only learns that the database does not answer.
fn refused(failure: tokio_postgres::Error) -> Error {
    let told = failure.as_db_error().map(|told| told.message().to_owned());
    let state = failure.code().map(|code| code.code().to_owned());
    let message = match state.as_deref() {
        Some("28P01" | "28000") => "The database refused the login: look at its user and password",
        Some("3D000") => "There is no database of that name",
        Some("53300") => "The database has no connection to spare",
        _ => "The database does not answer",
    };
    let mut made = Error::new(Kind::Unavailable, "store.unavailable", message)
        .wire_code(state.unwrap_or_else(|| "08006".to_owned()));
    if let Some(told) = told {
        made = made.with("postgresql", told);
    } else if failure.to_string().contains("TLS") {
        made = made.with(
            "advice",
            "set DB_SSL to false, require or verify-full, and DB_SSL_CA to the authority of the server's certificate",
        );
    }
    made.source(failure)
}

/// The driver's answer to a single look-up of the store's own.
pub(super) async fn look_up<T: for<'a> postgres_types::FromSql<'a>>(client: &Client, sql: &str) -> Result<T> {
    let row = client.query_one(sql, &[]).await.map_err(error::map)?;
    row.try_get(0).map_err(error::map)
}
