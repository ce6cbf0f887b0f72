//! A table, its columns and values, checked before any SQL is made of them.

use std::sync::Arc;

use busbar_kernel::{Error, Result};
use busbar_schema::catalogue::{Column, Table};
use busbar_schema::literal::canonical;
use busbar_schema::quote::quoted;
use busbar_store::{Dialect, Params, RawAccess, RawAnswer, RawField, RawStatement, Row, Value};
use serde_json::Value as Json;

use super::{Grid, GridRow};
use crate::sql::shown;

impl Grid {
    /// A table of a schema that is exposed.
    pub(crate) fn table(&self, schema: &str, name: &str) -> Result<Arc<Table>> {
        self.schema.library.current().table(schema, name).cloned()
    }

    pub(super) fn dialect(&self) -> Dialect {
        self.schema.library.dialect()
    }

    pub(crate) fn place(&self, table: &Table) -> String {
        match self.dialect() {
            Dialect::Sqlite => quoted(&table.name),
            Dialect::Postgres => format!("{}.{}", quoted(&table.schema), quoted(&table.name)),
        }
    }

    /// Runs statements as the administrator, in one transaction.
    pub(super) async fn run(&self, statements: Vec<(String, Params)>, reads: bool) -> Result<Vec<RawAnswer>> {
        let script: Vec<RawStatement> = statements
            .into_iter()
            .map(|(sql, params)| RawStatement::theirs(sql, params))
            .collect();
        self.sql.script(&script, RawAccess::Strict, reads, true).await
    }

    /// A value as a column takes it.
    ///
    /// # Errors
    /// 22P02 and its kin for what is no value of its type, naming the column.
    pub(crate) fn value(&self, column: &Column, given: &Json) -> Result<Value> {
        let text = match given {
            Json::Null => return Ok(Value::Null),
            _ if column.kind.is_json() => return Ok(Value::Json(given.to_string())),
            Json::Bool(value) => value.to_string(),
            Json::Number(number) => number.to_string(),
            Json::String(text) => text.clone(),
            Json::Array(_) | Json::Object(_) => given.to_string(),
        };
        if text.contains('\0') {
            return Err(Error::invalid(
                column.name.clone(),
                "A value holds no NUL character",
            ));
        }
        match self.dialect() {
            Dialect::Sqlite => {
                canonical(column.kind, &text).map_err(|error| error.field(column.name.clone()))
            }
            Dialect::Postgres => Ok(Value::Text(text)),
        }
    }

    /// `"a" = $1 AND "b" IS NULL`, with values added to `params`.
    ///
    /// # Errors
    /// 42703 for a column that is not there; `input.invalid` without any.
    pub(super) fn matching(&self, table: &Table, keys: &GridRow, params: &mut Params) -> Result<String> {
        if keys.is_empty() {
            return Err(Error::invalid("pkKeys", "A row is picked by at least one column"));
        }
        let mut conditions = Vec::new();
        for (name, value) in keys {
            let column = table.column(name)?;
            let value = self.value(column, value)?;
            if value.is_null() {
                conditions.push(format!("{} IS NULL", quoted(name)));
            } else {
                params.push(value);
                conditions.push(format!("{} = ${}", quoted(name), params.len()));
            }
        }
        Ok(conditions.join(" AND "))
    }
}

/// The rows of an answer, by column name.
pub(crate) fn rows(fields: &[RawField], rows: &[Row]) -> Vec<GridRow> {
    let row = |row: &Row| {
        let pairs = fields.iter().zip(row.values());
        pairs
            .map(|(field, value)| (field.name.clone(), shown(field.type_id, value)))
            .collect()
    };
    rows.iter().map(row).collect()
}

/// The same of a whole answer.
pub(super) fn rows_of(answer: &RawAnswer) -> Vec<GridRow> {
    rows(&answer.fields, &answer.rows)
}
