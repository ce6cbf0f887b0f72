//! PostgreSQL's errors as ours.

use busbar_kernel::{Error, Kind};
use deadpool::managed::PoolError;
use tokio_postgres::error::{ErrorPosition, SqlState};

use crate::raw::POSITION;
use crate::sqlstate;

/// An error of the driver, still to be mapped, or one that already is ours.
#[derive(Debug)]
pub(super) enum Trouble {
    Driver(tokio_postgres::Error),
    Ours(Error),
}

impl From<tokio_postgres::Error> for Trouble {
    fn from(error: tokio_postgres::Error) -> Self {
        Self::Driver(error)
    }
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        Self::Ours(error)
    }
}

impl From<Trouble> for Error {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Driver(error) => map(error),
            Trouble::Ours(error) => error,
        }
    }
}

impl Trouble {
    /// Whether a remembered statement no longer fits the tables, which a repetition mends.
    pub(super) fn is_stale_statement(&self) -> bool {
        match self {
            Self::Driver(error) => match error.as_db_error() {
                Some(told) if *told.code() == SqlState::FEATURE_NOT_SUPPORTED => {
                    told.message().starts_with("cached plan")
                }
                Some(told) => *told.code() == SqlState::INVALID_SQL_STATEMENT_NAME,
                None => false,
            },
            Self::Ours(_) => false,
        }
    }
}

/// The error of a statement.
pub(super) fn map(error: tokio_postgres::Error) -> Error {
    let Some(told) = error.as_db_error() else {
        let made = match error.to_string() {
            text if text.starts_with("expected ") => sqlstate::error("08P01", text),
            text if text.contains("serializing parameter") => sqlstate::error("22P02", text),
            _ => sqlstate::error("08006", "The database does not answer"),
        };
        return made.source(error);
    };
    let mut made = sqlstate::error(told.code().code().to_owned(), told.message().to_owned());
    if let Some(details) = told.detail() {
        made = made.details(details);
    }
    if let Some(hint) = told.hint() {
        made = made.hint(hint);
    }
    for (name, value) in [
        ("table", told.table()),
        ("column", told.column()),
        ("constraint", told.constraint()),
        ("where", told.where_()),
    ] {
        if let Some(value) = value {
            made = made.with(name, value);
        }
    }
    match told.position() {
        Some(ErrorPosition::Original(position)) => made.with(POSITION, position.to_string()),
        _ => made,
    }
}

/// The error of getting a connection.
pub(super) fn no_connection(error: PoolError<Error>) -> Error {
    match error {
        PoolError::Backend(error) => error,
        PoolError::Timeout(_) => Error::new(
            Kind::Unavailable,
            "store.overloaded",
            "No connection to the database became free in time",
        )
        .wire_code("53300")
        .retry_after(std::time::Duration::from_secs(1)),
        PoolError::Closed => Error::new(Kind::Unavailable, "store.closed", "The database is closed"),
        PoolError::NoRuntimeSpecified | PoolError::PostCreateHook(_) => {
            Error::internal("the pool of connections is not set up")
        }
    }
}
