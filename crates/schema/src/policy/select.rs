//! A subquery inside a policy: `SELECT … FROM tables WHERE condition`.

use std::fmt;

use super::expression::Expression;
use crate::quote::quoted;

/// The rows of some tables of `public` that meet a condition.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Select {
    /// What is asked of each row, for `IN`.
    pub(crate) column: Option<Expression>,
    /// The tables, whose rows are combined.
    pub(crate) sources: Vec<Source>,
    pub(crate) condition: Option<Expression>,
}

/// A table, and what it is called inside the subquery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Source {
    pub(crate) table: String,
    pub(crate) alias: String,
}

impl Select {
    /// Its expressions.
    pub(crate) fn parts(&mut self) -> impl Iterator<Item = &mut Expression> {
        self.column.iter_mut().chain(self.condition.iter_mut())
    }
}

impl fmt::Display for Select {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.column {
            Some(column) => write!(out, "SELECT {column} FROM ")?,
            None => out.write_str("SELECT 1 FROM ")?,
        }
        for (index, source) in self.sources.iter().enumerate() {
            let comma = if index > 0 { ", " } else { "" };
            write!(
                out,
                "{comma}public.{} AS {}",
                quoted(&source.table),
                quoted(&source.alias)
            )?;
        }
        match &self.condition {
            Some(condition) => write!(out, " WHERE {condition}"),
            None => Ok(()),
        }
    }
}
