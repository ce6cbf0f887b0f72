//! The store: opening it, its scopes, its migrations, its health.

use std::sync::Arc;
use std::time::Duration;

use busbar_kernel::{Clock, Result, SystemClock};

use crate::db::{Db, Engine};
use crate::migration::MigrationSet;
use crate::scope::Scope;
use crate::settings::StoreSettings;
use crate::{Dialect, params, postgres, sqlite};

/// Every scope's data, in SQLite files or in one PostgreSQL database; cheap to clone.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

struct Inner {
    backend: Backend,
    clock: Arc<dyn Clock>,
    statement_timeout: Duration,
}

enum Backend {
    Sqlite(Arc<sqlite::Engine>),
    Postgres(Arc<postgres::Engine>),
}

impl Store {
    /// Opens the store: the data folder, or PostgreSQL when it is configured.
    ///
    /// # Errors
    /// [`Kind::Unavailable`](busbar_kernel::Kind::Unavailable) when the folder is in use or the server does not answer.
    pub async fn open(settings: StoreSettings, clock: Arc<dyn Clock>) -> Result<Self> {
        let backend = match &settings.postgres {
            Some(postgres) => Backend::Postgres(postgres::Engine::open(&settings, postgres).await?),
            None => Backend::Sqlite(sqlite::Engine::open(&settings, clock.clone())?),
        };
        Ok(Self(Arc::new(Inner {
            backend,
            clock,
            statement_timeout: settings.statement_timeout,
        })))
    }

    /// Which database it is.
    pub fn dialect(&self) -> Dialect {
        match &self.0.backend {
            Backend::Sqlite(_) => Dialect::Sqlite,
            Backend::Postgres(_) => Dialect::Postgres,
        }
    }

    /// The handle of a scope, whose file or schema is made when missing.
    ///
    /// # Errors
    /// `store.name_invalid` for an app's name that could leave its place; the database's.
    pub async fn scope(&self, scope: Scope) -> Result<Db> {
        let scope = scope.checked()?;
        let engine = match &self.0.backend {
            Backend::Sqlite(engine) => Engine::Sqlite(engine.scope(&scope).await?),
            Backend::Postgres(engine) => Engine::Postgres(engine.scope(&scope).await?),
        };
        Ok(Db {
            engine,
            scope: Arc::new(scope),
            time_limit: self.0.statement_timeout,
        })
    }

    /// Applies what a scope lacks of a set, under a lock; the answer names what was applied.
    ///
    /// # Errors
    /// `store.migration_refused` when an applied migration was edited, is unknown or was skipped;
    /// `store.migration_failed` when one fails, which is then undone.
    pub async fn migrate(&self, db: &Db, set: &MigrationSet) -> Result<Vec<String>> {
        match &db.engine {
            Engine::Sqlite(handle) => handle.migrate(set, &self.0.clock).await,
            Engine::Postgres(handle) => handle.migrate(set, &self.0.clock).await,
        }
    }

    /// The time of one round trip.
    ///
    /// # Errors
    /// [`Kind::Unavailable`](busbar_kernel::Kind::Unavailable) when the database does not answer.
    pub async fn check(&self) -> Result<Duration> {
        let db = self.scope(Scope::Platform).await?;
        // A stopped test clock must not make every round trip look instant.
        let before = SystemClock.monotonic();
        db.one::<i64>("SELECT 1", params![]).await?;
        Ok(SystemClock.monotonic().saturating_sub(before))
    }

    /// Whether `project_admin` passes row security by itself. False on a PostgreSQL whose owner may not grant
    /// BYPASSRLS: explicit policies must then let it pass. On SQLite policies are the caller's own.
    pub fn bypasses_row_security(&self) -> bool {
        match &self.0.backend {
            Backend::Sqlite(_) => true,
            Backend::Postgres(engine) => engine.bypasses_row_security(),
        }
    }

    /// Where the data is, for people, without secrets: `SQLite in ./data`.
    pub fn describe(&self) -> String {
        match &self.0.backend {
            Backend::Sqlite(engine) => engine.describe(),
            Backend::Postgres(engine) => engine.describe(),
        }
    }

    /// Finishes the writes that wait, and closes; what comes later is refused.
    pub async fn close(&self) {
        match &self.0.backend {
            Backend::Sqlite(engine) => engine.close().await,
            Backend::Postgres(engine) => engine.close(),
        }
    }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Store({})", self.describe())
    }
}
