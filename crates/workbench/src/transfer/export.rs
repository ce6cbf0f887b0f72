//! Tables out, piece by piece and as of one moment: as a text of SQL, or as rows.

use std::sync::Arc;
use std::time::Duration;

use busbar_kernel::{Error, Result};
use busbar_schema::catalogue::Table;
use busbar_store::{RawAccess, RawBatch, RawScript, RawStatement, Value, params};
use futures_util::StreamExt;
use futures_util::stream::{BoxStream, poll_fn};
use tokio::sync::mpsc;

use super::Transfer;
use super::definitions;
use super::insert::{self, Insert};
use crate::grid::{GridRow, rows};
use crate::listing::Listing;

/// The most rows of a table, where there is a limit.
const MOST: u64 = 10_000;
/// So long one export may take.
const TIME_LIMIT: Duration = Duration::from_secs(300);
/// So many pieces wait for a slow reader.
const WAITING: usize = 2;

/// What is wanted.
#[derive(Clone, Debug)]
pub struct ExportRequest {
    /// These tables; all of `public` without.
    pub tables: Option<Vec<String>>,
    /// Whether rows are wanted.
    pub data: bool,
    /// Whether the database's functions are wanted.
    pub functions: bool,
    /// Whether sequences are wanted that no table brings along.
    pub sequences: bool,
    /// Whether views are wanted.
    pub views: bool,
    /// 1 to 10,000 rows of each table; all of them without.
    pub row_limit: Option<u64>,
}

/// A piece of an export.
#[derive(Clone, Debug, PartialEq)]
pub enum ExportPiece {
    /// Statements; on the same kind of database they make what was exported.
    Sql(String),
    /// The rows that follow are this table's.
    Table(String),
    /// Rows.
    Rows(Vec<GridRow>),
    /// The table has more rows than were wanted.
    Truncated(String),
}

/// An export on its way; an error ends it.
pub type ExportStream = BoxStream<'static, Result<ExportPiece>>;

/// What an export consists of.
enum Part {
    Text(String),
    /// The rows of a table, whose number is the answer of the statement at `count`, and they of the one after it.
    Rows {
        table: String,
        count: usize,
        insert: Option<Insert>,
    },
}

impl Transfer {
    /// The names of the tables that an export holds.
    ///
    /// # Errors
    /// 42P01 for a table that is not there, `input.invalid` for the limit.
    pub fn exported(&self, request: &ExportRequest) -> Result<Vec<String>> {
        let wanted = self.wanted(request)?;
        Ok(wanted.iter().map(|table| table.name.clone()).collect())
    }

    fn wanted(&self, request: &ExportRequest) -> Result<Vec<Arc<Table>>> {
        if request
            .row_limit
            .is_some_and(|limit| !(1..=MOST).contains(&limit))
        {
            return Err(Error::invalid("rowLimit", "The limit is 1 to 10,000"));
        }
        let catalogue = self.schema.library.current();
        let names = match &request.tables {
            Some(names) => {
                let mut once: Vec<String> = Vec::new();
                for name in names {
                    if !once.contains(name) {
                        once.push(name.clone());
                    }
                }
                once
            }
            None => self.schema.tables.list("public")?,
        };
        let mut tables = names
            .iter()
            .map(|name| catalogue.table("public", name).cloned())
            .collect::<Result<Vec<_>>>()?;
        if let Some(view) = tables.iter().find(|table| table.is_view) {
            let why = format!("{} is a view; views are exported by includeViews", view.name);
            return Err(Error::invalid("tables", why));
        }
        by_reference(&mut tables);
        Ok(tables)
    }

    /// Tables as rows, as of one moment.
    ///
    /// # Errors
    /// As [`Transfer::exported`].
    pub async fn rows(&self, request: &ExportRequest) -> Result<ExportStream> {
        let dialect = self.schema.library.dialect();
        let (mut parts, mut script) = (Vec::new(), Vec::new());
        for table in self.wanted(request)?.iter().filter(|_| request.data) {
            parts.push(Part::Rows {
                table: table.name.clone(),
                count: script.len(),
                insert: None,
            });
            script.push(insert::count(dialect, table));
            script.push(insert::rows(dialect, table, most(request)));
        }
        self.stream(parts, script, most(request)).await
    }

    /// Tables as SQL, as of one moment: those that others refer to first, rows before what looks at each of them.
    ///
    /// # Errors
    /// As [`Transfer::exported`].
    pub async fn sql(&self, request: &ExportRequest) -> Result<ExportStream> {
        let dialect = self.schema.library.dialect();
        let tables = self.wanted(request)?;
        let (mut parts, mut script, mut last) = (Vec::new(), Vec::new(), Vec::new());
        parts.push(text(definitions::types(&self.schema).await?));
        if request.sequences {
            let sequences = Listing::new(self.schema.clone()).sequences().await?;
            parts.push(text(
                sequences.into_iter().filter_map(|one| one.definition).collect(),
            ));
        }
        for table in &tables {
            let definition = definitions::of_table(&self.schema, table).await?;
            let insert = Insert::of(dialect, table, &definition, most(request));
            parts.push(text(definition.first));
            last.extend(definition.later);
            if let Some(insert) = insert.filter(|_| request.data) {
                let count = script.len();
                script.push(insert::count(dialect, table));
                script.push(insert.query.clone());
                parts.push(Part::Rows {
                    table: table.name.clone(),
                    count,
                    insert: Some(insert),
                });
            }
        }
        if request.functions {
            let functions = Listing::new(self.schema.clone()).functions("public").await?;
            parts.push(text(
                functions
                    .into_iter()
                    .map(|function| function.definition)
                    .collect(),
            ));
        }
        if request.views {
            parts.push(text(definitions::views(&self.schema).await?));
        }
        parts.push(text(last));
        self.stream(parts, script, most(request)).await
    }

    async fn stream(&self, parts: Vec<Part>, script: Vec<String>, most: u64) -> Result<ExportStream> {
        let script = RawScript {
            statements: script
                .into_iter()
                .map(|sql| RawStatement::theirs(sql, params![]))
                .collect(),
            access: RawAccess::Strict,
            reads: true,
            keep: false,
            rows: usize::MAX,
            bytes: usize::MAX,
            time_limit: TIME_LIMIT,
        };
        let batches = self.schema.library.db.raw_stream(script).await?;
        let (sender, mut receiver) = mpsc::channel(WAITING);
        tokio::spawn(async move {
            if let Err(error) = write(parts, batches, most, &sender).await {
                let _ = sender.send(Err(error)).await;
            }
        });
        Ok(poll_fn(move |context| receiver.poll_recv(context)).boxed())
    }
}

/// What `LIMIT` says.
fn most(request: &ExportRequest) -> u64 {
    request.row_limit.unwrap_or(i64::MAX.unsigned_abs())
}

async fn write(
    parts: Vec<Part>,
    mut batches: BoxStream<'static, Result<RawBatch>>,
    most: u64,
    pieces: &mpsc::Sender<Result<ExportPiece>>,
) -> Result<()> {
    let gone = |_| Error::internal("the receiver went away");
    let mut held: Option<RawBatch> = None;
    for part in parts {
        let (table, count, insert) = match part {
            Part::Text(sql) => {
                pieces.send(Ok(ExportPiece::Sql(sql))).await.map_err(gone)?;
                continue;
            }
            Part::Rows { table, count, insert } => (table, count, insert),
        };
        if insert.is_none() {
            let begins = ExportPiece::Table(table.clone());
            pieces.send(Ok(begins)).await.map_err(gone)?;
        }
        let mut total = 0;
        loop {
            let next = match held.take() {
                Some(batch) => Some(batch),
                None => batches.next().await.transpose()?,
            };
            let Some(batch) = next else { break };
            if batch.statement > count + 1 {
                held = Some(batch);
                break;
            }
            if batch.statement == count {
                total = number(&batch);
                continue;
            }
            let piece = match &insert {
                Some(insert) => ExportPiece::Sql(insert.statements(&batch)),
                None => ExportPiece::Rows(rows(&batch.fields, &batch.rows)),
            };
            pieces.send(Ok(piece)).await.map_err(gone)?;
        }
        if total > most {
            let truncated = ExportPiece::Truncated(table);
            pieces.send(Ok(truncated)).await.map_err(gone)?;
        }
    }
    Ok(())
}

fn text(statements: Vec<String>) -> Part {
    Part::Text(
        statements
            .iter()
            .map(|statement| format!("{}\n", ended(statement)))
            .collect(),
    )
}

fn ended(statement: &str) -> String {
    format!("{};", statement.trim_end().trim_end_matches(';'))
}

fn number(batch: &RawBatch) -> u64 {
    match batch.rows.first().and_then(|row| row.value(0)) {
        Some(Value::Int(count)) => u64::try_from(*count).unwrap_or(0),
        _ => 0,
    }
}

/// Puts every table after those it refers to; in a circle the order stays.
fn by_reference(tables: &mut Vec<Arc<Table>>) {
    let mut left = std::mem::take(tables);
    while !left.is_empty() {
        let waits = |table: &Arc<Table>| {
            table
                .foreign_keys
                .iter()
                .any(|key| key.table != table.name && left.iter().any(|other| other.name == key.table))
        };
        let next = left.iter().position(|table| !waits(table)).unwrap_or(0);
        tables.push(left.remove(next));
    }
}
