//! Rows of a file into a table: inserted, or changed where their key is there already.

use std::sync::Arc;
use std::time::Duration;

use busbar_kernel::{Error, Result};
use busbar_schema::catalogue::{Column, Table};
use busbar_schema::literal::canonical;
use busbar_schema::quote::quoted;
use busbar_store::{Params, RawAccess, RawScript, RawStatement, params};
use serde_json::Value as Json;

use super::{Transfer, csv, placed};
use crate::grid::GridRow;

/// The most rows of a file.
const ROWS: usize = 100_000;
/// The most rows of one statement.
const TOGETHER: usize = 500;
/// The most values of one statement: both databases take more.
const VALUES: usize = 10_000;
/// So long one file may take.
const TIME_LIMIT: Duration = Duration::from_secs(120);

/// What a file is put into.
#[derive(Clone, Debug)]
pub struct Upsert {
    /// The schema, `public` mostly.
    pub schema: String,
    /// The table.
    pub table: String,
    /// The column by which rows are the same; without it rows are only inserted.
    pub key: Option<String>,
    /// Whether the file is CSV; else it is a JSON list.
    pub is_csv: bool,
}

/// What became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upserted {
    /// Rows of the file.
    pub total: u64,
    /// Rows inserted or changed.
    pub affected: u64,
}

/// A file's rows with a table to put them into.
struct Work<'w> {
    transfer: &'w Transfer,
    table: Arc<Table>,
    columns: Vec<Column>,
    key: Option<&'w str>,
    /// `Line` or `Row`, and a number.
    word: &'static str,
    rows: &'w [(usize, GridRow)],
}

impl Transfer {
    /// Puts the rows of a file into a table: all of them, or none. Every row has the columns of the first.
    ///
    /// # Errors
    /// `input.invalid` for a file that does not fit; 42P01 and 42703 for what is not there; what the columns refuse. The
    /// message names the line of a CSV file or the number of a JSON row, and the column where one value is wrong.
    pub async fn upsert(&self, into: &Upsert, file: &[u8]) -> Result<Upserted> {
        let rows = match into.is_csv {
            true => csv::rows(file)?,
            false => json(file)?,
        };
        let Some((_, first)) = rows.first().filter(|(_, first)| !first.is_empty()) else {
            return Err(Error::invalid("file", "The file has no rows"));
        };
        if rows.len() > ROWS {
            return Err(Error::invalid("file", "A file has at most 100,000 rows"));
        }
        let table = self.grid.table(&into.schema, &into.table)?;
        let columns = first
            .keys()
            .map(|name| table.column(name).cloned())
            .collect::<Result<Vec<_>>>()
            .map_err(|error| error.field("file"))?;
        if let Some(key) = &into.key {
            table.column(key).map_err(|error| error.field("upsertKey"))?;
            if !first.contains_key(key) {
                return Err(Error::invalid("upsertKey", "The rows have no such column"));
            }
        }
        let work = Work {
            transfer: self,
            key: into.key.as_deref(),
            word: if into.is_csv { "Line" } else { "Row" },
            rows: &rows,
            table,
            columns,
        };
        let affected = work.run().await?;
        Ok(Upserted {
            total: rows.len() as u64,
            affected,
        })
    }
}

impl Work<'_> {
    async fn run(&self) -> Result<u64> {
        let together = (VALUES / self.columns.len()).clamp(1, TOGETHER);
        let chunks: Vec<&[(usize, GridRow)]> = self.rows.chunks(together).collect();
        let script = chunks
            .iter()
            .map(|chunk| self.statement(chunk))
            .collect::<Result<Vec<_>>>()?;
        let error = match self.written(script.clone(), true).await {
            Ok(affected) => return Ok(affected),
            Err(error) => error,
        };
        let failed = RawScript::failed_at(&error).and_then(|at| Some((at, *chunks.get(at)?)));
        let Some((at, chunk)) = failed else {
            return Err(error);
        };
        // Once more up to there, one by one and without keeping anything, to name the row.
        let mut again = script[..at].to_vec();
        for row in chunk {
            again.push(self.statement(std::slice::from_ref(row))?);
        }
        let Err(found) = self.written(again, false).await else {
            return Err(error);
        };
        let row = RawScript::failed_at(&found).and_then(|place| chunk.get(place.checked_sub(at)?));
        Err(match row {
            Some(row) => placed(found, &self.place(row)),
            None => error,
        })
    }

    /// Where a row stands, with the column whose value cannot be one of its type.
    fn place(&self, (number, row): &(usize, GridRow)) -> String {
        let wrong = self.columns.iter().find(|column| match row.get(&column.name) {
            Some(Json::String(text)) => !column.kind.is_json() && canonical(column.kind, text).is_err(),
            Some(Json::Null) => !column.nullable,
            _ => false,
        });
        match wrong {
            Some(column) => format!("{} {number}, column {}", self.word, column.name),
            None => format!("{} {number}", self.word),
        }
    }

    async fn written(&self, script: Vec<(String, Params)>, keep: bool) -> Result<u64> {
        let script = script
            .into_iter()
            .map(|(sql, params)| RawStatement::theirs(sql, params))
            .collect();
        let sql = &self.transfer.sql;
        let answers = sql
            .script_within(script, RawAccess::Strict, false, keep, TIME_LIMIT)
            .await?;
        Ok(answers.iter().map(|answer| answer.affected).sum())
    }

    fn statement(&self, rows: &[(usize, GridRow)]) -> Result<(String, Params)> {
        let (mut params, mut lines) = (params![], Vec::new());
        for (number, row) in rows {
            let missing = || {
                let why = format!("{} {number} has other columns than the first row", self.word);
                Error::invalid("file", why)
            };
            if row.len() != self.columns.len() {
                return Err(missing());
            }
            let mut marks = Vec::new();
            for column in &self.columns {
                let given = row.get(&column.name).ok_or_else(missing)?;
                let value = self.transfer.grid.value(column, given);
                params.push(value.map_err(|error| {
                    placed(error, &format!("{} {number}, column {}", self.word, column.name))
                })?);
                marks.push(format!("${}", params.len()));
            }
            lines.push(format!("({})", marks.join(", ")));
        }
        let names: Vec<String> = self.columns.iter().map(|column| quoted(&column.name)).collect();
        let sql = format!(
            "INSERT INTO {} ({}) VALUES {}{}",
            self.transfer.grid.place(&self.table),
            names.join(", "),
            lines.join(", "),
            self.ending()
        );
        Ok((sql, params))
    }

    fn ending(&self) -> String {
        let Some(key) = self.key else { return String::new() };
        let changes: Vec<String> = self
            .columns
            .iter()
            .filter(|column| column.name != key)
            .map(|column| format!("{0} = excluded.{0}", quoted(&column.name)))
            .collect();
        match changes.as_slice() {
            [] => format!(" ON CONFLICT ({}) DO NOTHING", quoted(key)),
            _ => format!(
                " ON CONFLICT ({}) DO UPDATE SET {}",
                quoted(key),
                changes.join(", ")
            ),
        }
    }
}

/// The rows of a JSON list, numbered from 1.
fn json(file: &[u8]) -> Result<Vec<(usize, GridRow)>> {
    let rows: Vec<GridRow> = serde_json::from_slice(file).map_err(|error| {
        let why = format!("The file is not a JSON list of objects: {error}");
        Error::invalid("file", why)
    })?;
    Ok(rows
        .into_iter()
        .enumerate()
        .map(|(at, row)| (at + 1, row))
        .collect())
}
