//! A row, whichever database it came from.

use std::sync::Arc;

use busbar_kernel::{Error, Result};
use serde::de::DeserializeOwned;

use crate::Value;
use crate::deserialize;

/// One row of an answer; rows of one answer share their column names.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    columns: Arc<[String]>,
    values: Vec<Value>,
}

impl Row {
    pub(crate) fn new(columns: Arc<[String]>, values: Vec<Value>) -> Self {
        Self { columns, values }
    }

    /// The row as `T`: a struct or map by column name, a tuple by position, a single value from a single column.
    ///
    /// # Errors
    /// [`Kind::Internal`](busbar_kernel::Kind::Internal) when the columns do not fit `T`: the statement and the
    /// type are both ours.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T> {
        T::deserialize(deserialize::RowReader(self)).map_err(|error| {
            Error::internal("a row does not fit the type that reads it")
                .with("type", std::any::type_name::<T>())
                .with("columns", self.columns.join(", "))
                .source(error)
        })
    }

    /// The text in a column, `None` when it is no text or there is no such column.
    pub fn text(&self, column: usize) -> Option<&str> {
        match self.values.get(column)? {
            Value::Text(text) | Value::Json(text) => Some(text),
            _ => None,
        }
    }

    /// The value in a column.
    pub fn value(&self, column: usize) -> Option<&Value> {
        self.values.get(column)
    }

    /// The value in a column by name.
    pub fn get(&self, column: &str) -> Option<&Value> {
        let index = self.columns.iter().position(|name| name == column)?;
        self.values.get(index)
    }

    /// The columns' names in order.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// The values in order.
    pub fn values(&self) -> &[Value] {
        &self.values
    }
}
