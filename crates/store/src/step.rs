//! The steps of a batch.

use std::fmt;
use std::sync::Arc;

use busbar_kernel::Result;

use crate::{Params, Row};

type Check = Arc<dyn Fn(&StepRows) -> Result<()> + Send + Sync>;

type Feed = dyn Fn(&[StepRows]) -> Result<Params> + Send + Sync;

type Made = dyn Fn(&[Row]) -> Result<Vec<String>> + Send + Sync;

/// Makes statements from what another one answered.
#[derive(Clone)]
pub(crate) struct Then(Arc<Made>);

impl Then {
    pub(crate) fn new(made: impl Fn(&[Row]) -> Result<Vec<String>> + Send + Sync + 'static) -> Self {
        Self(Arc::new(made))
    }

    pub(crate) fn made(&self, rows: &[Row]) -> Result<Vec<String>> {
        (self.0)(rows)
    }
}

impl fmt::Debug for Then {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Then")
    }
}

/// Makes parameters from what the steps before answered.
#[derive(Clone)]
pub(crate) struct Fed(Arc<Feed>);

impl Fed {
    pub(crate) fn params(&self, before: &[StepRows]) -> Result<Params> {
        (self.0)(before)
    }
}

impl fmt::Debug for Fed {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Fed")
    }
}

/// One statement of a batch, with an optional check of what it did.
#[derive(Clone)]
pub struct Step {
    pub(crate) sql: String,
    pub(crate) params: Params,
    pub(crate) check: Option<Check>,
    pub(crate) then: Option<Then>,
    pub(crate) fed: Option<Fed>,
}

impl Step {
    /// A statement and its parameters.
    pub fn new(sql: impl Into<String>, params: Params) -> Self {
        Self {
            sql: sql.into(),
            params,
            check: None,
            then: None,
            fed: None,
        }
    }

    /// A statement of a batch that writes, whose parameters are made from what the steps before it answered. They are
    /// made again when the batch has to be repeated.
    pub fn fed(
        sql: impl Into<String>,
        params: impl Fn(&[StepRows]) -> Result<Params> + Send + Sync + 'static,
    ) -> Self {
        Self {
            fed: Some(Fed(Arc::new(params))),
            ..Self::new(sql, Params::new())
        }
    }

    /// Looks at what the statement did before the next one runs; an error rolls the whole batch back and is
    /// its answer. It runs again when the batch has to be repeated, so it must only look.
    #[must_use]
    pub fn check(mut self, check: impl Fn(&StepRows) -> Result<()> + Send + Sync + 'static) -> Self {
        self.check = Some(Arc::new(check));
        self
    }

    /// Runs statements made from its rows before the next step, in the same transaction: without parameters, and as
    /// the database takes them. It is made again when the batch has to be repeated.
    #[must_use]
    pub fn then(mut self, made: impl Fn(&[Row]) -> Result<Vec<String>> + Send + Sync + 'static) -> Self {
        self.then = Some(Then::new(made));
        self
    }

    pub(crate) fn verify(&self, rows: &StepRows) -> Result<()> {
        self.check.as_ref().map_or(Ok(()), |check| check(rows))
    }
}

impl fmt::Debug for Step {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Step({:?}, {} parameters)", self.sql, self.params.len())
    }
}

/// What one statement did.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StepRows {
    /// Rows written; for a statement that returns rows, how many it returned.
    pub affected: u64,
    /// The rows, when the statement returns some.
    pub rows: Vec<Row>,
}

impl StepRows {
    /// The rows as `T`.
    ///
    /// # Errors
    /// [`Kind::Internal`](busbar_kernel::Kind::Internal) when a row does not fit `T`.
    pub fn read<T: serde::de::DeserializeOwned>(&self) -> Result<Vec<T>> {
        self.rows.iter().map(Row::read).collect()
    }
}
