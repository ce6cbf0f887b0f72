//! Interactive transactions: statements that depend on what earlier ones answered.

use std::time::Duration;

use busbar_kernel::{Error, Result};
use serde::de::DeserializeOwned;

use crate::{Params, StepRows, postgres, sqlite};

/// How long an interactive transaction may take.
pub(crate) const TRANSACTION_LIMIT: Duration = Duration::from_secs(5);

/// A running transaction or snapshot; see [`Db::transaction`](crate::Db::transaction).
pub struct Tx {
    open: Open,
}

enum Open {
    Sqlite(Box<sqlite::OpenTx>),
    Postgres(Box<postgres::OpenTx>),
}

/// After an error nothing but the end of the transaction is left, on both databases.
pub(crate) fn aborted() -> Error {
    crate::sqlstate::error(
        "25P02",
        "current transaction is aborted, commands ignored until end of transaction block",
    )
}

impl Tx {
    pub(crate) fn sqlite(open: sqlite::OpenTx) -> Self {
        Self {
            open: Open::Sqlite(Box::new(open)),
        }
    }

    pub(crate) fn into_sqlite(self) -> Option<sqlite::OpenTx> {
        match self.open {
            Open::Sqlite(open) => Some(*open),
            Open::Postgres(_) => None,
        }
    }

    pub(crate) fn postgres(open: postgres::OpenTx) -> Self {
        Self {
            open: Open::Postgres(Box::new(open)),
        }
    }

    pub(crate) fn into_postgres(self) -> Option<postgres::OpenTx> {
        match self.open {
            Open::Sqlite(_) => None,
            Open::Postgres(open) => Some(*open),
        }
    }

    async fn run(&mut self, sql: &str, params: Params) -> Result<StepRows> {
        match &mut self.open {
            Open::Sqlite(open) => open.run(sql, params),
            Open::Postgres(open) => open.run(sql, params).await,
        }
    }

    /// All rows as `T`.
    ///
    /// # Errors
    /// The database's, or rows that do not fit `T`.
    pub async fn all<T: DeserializeOwned>(&mut self, sql: &str, params: Params) -> Result<Vec<T>> {
        self.run(sql, params).await?.read()
    }

    /// The first row, if there is one.
    ///
    /// # Errors
    /// The database's, or a row that does not fit `T`.
    pub async fn optional<T: DeserializeOwned>(&mut self, sql: &str, params: Params) -> Result<Option<T>> {
        self.run(sql, params)
            .await?
            .rows
            .first()
            .map(crate::Row::read)
            .transpose()
    }

    /// The first row.
    ///
    /// # Errors
    /// `row.not_found` without one; the database's; a row that does not fit `T`.
    pub async fn one<T: DeserializeOwned>(&mut self, sql: &str, params: Params) -> Result<T> {
        self.optional(sql, params)
            .await?
            .ok_or_else(|| Error::not_found("row"))
    }

    /// Runs a statement; the answer is how many rows it wrote.
    ///
    /// # Errors
    /// The database's; nothing of the transaction is kept then.
    pub async fn execute(&mut self, sql: &str, params: Params) -> Result<u64> {
        Ok(self.run(sql, params).await?.affected)
    }

    /// Runs a write with `RETURNING`.
    ///
    /// # Errors
    /// The database's, or rows that do not fit `T`.
    pub async fn returning<T: DeserializeOwned>(&mut self, sql: &str, params: Params) -> Result<Vec<T>> {
        self.all(sql, params).await
    }
}
