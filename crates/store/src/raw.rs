//! SQL that people write themselves: statements run behind walls, with bounds on what comes back.

use std::time::Duration;

use busbar_kernel::Result;

use crate::sql::{Ready, Resolver};
use crate::step::Then;
use crate::{Params, Row};

/// A fact of an error: where in its statement's text it lies, in characters from 1.
pub const POSITION: &str = "position";
/// A fact of an error of a script: which of its statements failed, from 0.
pub const STATEMENT: &str = "statement";
/// A fact beside [`STATEMENT`]: the text that ran is not the one that was given, so that no position in it counts.
pub const REWRITTEN: &str = "rewritten";

/// Whose rights people's own statements have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RawAccess {
    /// `project_admin` on PostgreSQL, by the request login; on SQLite a stricter authorizer: tables of the system
    /// are closed but for a few columns.
    Strict,
    /// The owner's.
    Owner,
}

/// Statements that succeed or fail together.
#[derive(Clone, Debug)]
pub struct RawScript {
    /// The statements in order.
    pub statements: Vec<RawStatement>,
    /// Whose rights they have.
    pub access: RawAccess,
    /// Whether they only read: then writes are refused with SQLSTATE 25006.
    pub reads: bool,
    /// Whether what they wrote is kept; else everything is rolled back at the end.
    pub keep: bool,
    /// The most rows of one answer; more are SQLSTATE 54000.
    pub rows: usize,
    /// The most bytes of all answers together, roughly; more are SQLSTATE 54000.
    pub bytes: usize,
    /// How long the whole may take; beyond it the answer is SQLSTATE 57014.
    pub time_limit: Duration,
}

impl RawScript {
    /// Which statement of the script an error of it came from, where one did.
    pub fn failed_at(error: &busbar_kernel::Error) -> Option<usize> {
        let mut context = error.context().iter();
        let (_, place) = context.find(|(name, _)| *name == STATEMENT)?;
        place.parse().ok()
    }

    /// Its statements in the words of a database.
    ///
    /// # Errors
    /// As [`Resolver::statement`].
    pub(crate) fn ready(&self, resolver: &Resolver) -> Result<Vec<Ready>> {
        let resolved = self.statements.iter().map(|statement| {
            let text = resolver.statement(&statement.sql)?;
            let params = statement.params.clone();
            Ok(Ready { text, params })
        });
        resolved.collect()
    }

    /// An error of the statement at this place.
    pub(crate) fn failed(error: busbar_kernel::Error, at: usize) -> busbar_kernel::Error {
        error.with(STATEMENT, at.to_string())
    }
}

/// One statement of a script.
#[derive(Clone, Debug)]
pub struct RawStatement {
    /// Its text.
    pub sql: String,
    /// Its parameters.
    pub params: Params,
    /// Written by Busbar itself, to go along with people's: SQLite's stricter authorizer does not apply.
    pub ours: bool,
    /// SQLSTATE and message of the error when it changes no row.
    pub otherwise: Option<(&'static str, String)>,
    pub(crate) then: Option<Then>,
}

impl RawStatement {
    /// A statement of people's own.
    pub fn theirs(sql: impl Into<String>, params: Params) -> Self {
        Self {
            sql: sql.into(),
            params,
            ours: false,
            otherwise: None,
            then: None,
        }
    }

    /// A statement of Busbar's.
    pub fn ours(sql: impl Into<String>, params: Params) -> Self {
        Self {
            sql: sql.into(),
            params,
            ours: true,
            otherwise: None,
            then: None,
        }
    }

    /// The script fails with this SQLSTATE when the statement changes no row.
    #[must_use]
    pub fn or_fail(mut self, state: &'static str, message: impl Into<String>) -> Self {
        self.otherwise = Some((state, message.into()));
        self
    }

    /// Runs statements made from its rows next, with Busbar's own rights; see [`Step::then`](crate::Step::then).
    #[must_use]
    pub fn then(mut self, made: impl Fn(&[Row]) -> Result<Vec<String>> + Send + Sync + 'static) -> Self {
        self.then = Some(Then::new(made));
        self
    }

    /// The error of a statement that should have changed something and did not.
    ///
    /// # Errors
    /// That error.
    pub(crate) fn verify(&self, answer: &RawAnswer) -> Result<()> {
        match &self.otherwise {
            Some((state, message)) if answer.affected == 0 => {
                Err(crate::sqlstate::error(*state, message.clone()))
            }
            _ => Ok(()),
        }
    }
}

/// What one statement answered.
#[derive(Clone, Debug, PartialEq)]
pub struct RawAnswer {
    /// Its columns, none for a statement without rows.
    pub fields: Vec<RawField>,
    /// Its rows.
    pub rows: Vec<Row>,
    /// How many rows it changed or answered.
    pub affected: u64,
}

/// A column of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawField {
    /// Its name.
    pub name: String,
    /// PostgreSQL's number of its type; on SQLite of the type that the column was declared with, 25 without one.
    pub type_id: u32,
}

/// Some rows of one statement, on their way.
#[derive(Clone, Debug, PartialEq)]
pub struct RawBatch {
    /// Which statement of the script.
    pub statement: usize,
    /// Its columns.
    pub fields: Vec<RawField>,
    /// Some of its rows, in order; never none.
    pub rows: Vec<Row>,
}

/// A batch is handed on once it has so many rows, or weighs so much.
pub(crate) const BATCH_ROWS: usize = 500;
/// See [`BATCH_ROWS`]; in bytes, roughly.
pub(crate) const BATCH_BYTES: usize = 256 * 1024;
/// So many batches wait for a slow reader.
pub(crate) const BATCHES_WAITING: usize = 2;

/// Gathers rows until they make a batch.
pub(crate) struct Gathering {
    batch: RawBatch,
    weight: usize,
}

impl Gathering {
    pub(crate) fn new(statement: usize, fields: Vec<RawField>) -> Self {
        let rows = Vec::new();
        let batch = RawBatch {
            statement,
            fields,
            rows,
        };
        Self { batch, weight: 0 }
    }

    /// Takes a row; the answer is a batch when there is one.
    pub(crate) fn push(&mut self, row: Row) -> Option<RawBatch> {
        self.weight += weight(&row);
        self.batch.rows.push(row);
        let full = self.batch.rows.len() >= BATCH_ROWS || self.weight >= BATCH_BYTES;
        full.then(|| self.take())
    }

    /// What is left at the end.
    pub(crate) fn rest(mut self) -> Option<RawBatch> {
        (!self.batch.rows.is_empty()).then(|| self.take())
    }

    fn take(&mut self) -> RawBatch {
        self.weight = 0;
        let rows = std::mem::take(&mut self.batch.rows);
        let fields = self.batch.fields.clone();
        RawBatch {
            statement: self.batch.statement,
            fields,
            rows,
        }
    }
}

/// What one row weighs against [`RawScript::bytes`].
pub(crate) fn weight(row: &Row) -> usize {
    use crate::Value;
    let of = |value: &Value| match value {
        Value::Text(text) | Value::Json(text) => text.len(),
        Value::Bytes(bytes) => bytes.len() * 4,
        _ => 16,
    };
    row.values().iter().map(|value| of(value) + 16).sum()
}

/// An answer beyond its bounds.
pub(crate) fn too_much(what: &str) -> busbar_kernel::Error {
    crate::sqlstate::error("54000", format!("the answer has more than {what}"))
        .hint("Ask for fewer rows with LIMIT, or export the table")
}
