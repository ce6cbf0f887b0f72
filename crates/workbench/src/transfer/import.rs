//! A file of SQL in.

use std::time::Duration;

use busbar_kernel::{Error, Result};
use busbar_schema::catalogue::ForeignKey;
use busbar_schema::quote::quoted;
use busbar_store::{Dialect, RawAccess, RawScript, RawStatement, Statement, params};

use super::present::Present;
use super::{Transfer, placed};
use crate::sql::{Bounds, Place, plan_within};

/// What a file may hold.
const BOUNDS: Bounds = Bounds {
    length: 32 * 1024 * 1024,
    statements: 100_000,
};
/// So long one import may take.
const TIME_LIMIT: Duration = Duration::from_secs(120);

/// What an import did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    /// The tables it made or wrote to.
    pub tables: Vec<String>,
    /// The rows it inserted.
    pub rows: u64,
}

impl Transfer {
    /// Runs a file of SQL of at most 32 MB: all of it, or nothing. `truncate` empties the tables it makes or inserts into
    /// first, where they are there already, and passes over what would make a table, view, index, trigger or policy that
    /// is there.
    ///
    /// # Errors
    /// As raw SQL, with the line of the statement; `input.invalid` for a file that is not UTF-8, and where emptying tables
    /// would take rows of tables that the file does not name.
    pub async fn import(&self, file: &[u8], truncate: bool) -> Result<Imported> {
        let text = std::str::from_utf8(file).map_err(|_| Error::invalid("file", "The file is not UTF-8"))?;
        let (schema, text) = (self.schema.clone(), text.to_owned());
        let present = match truncate {
            true => Some(Present::look(&schema).await?),
            false => None,
        };
        let passed =
            move |statement: &Statement| present.as_ref().is_some_and(|present| present.has(statement));
        // A large file takes seconds to read.
        let planned =
            tokio::task::spawn_blocking(move || plan_within(&schema, BOUNDS, true, &text, params![], passed))
                .await
                .map_err(|error| Error::internal("a file could not be read").source(error))?
                .map_err(|error| match Place::of(&error) {
                    Some(place) => placed(error, &format!("Line {}", place.line)),
                    None => error.field("file"),
                })?;
        let mut tables: Vec<String> = Vec::new();
        for name in planned.written.iter().filter_map(written_table) {
            if !tables.contains(&name) {
                tables.push(name);
            }
        }
        let mut script = Vec::new();
        if truncate {
            self.spares_others(&tables).await?;
            let catalogue = self.schema.library.current();
            for name in tables.iter().rev() {
                if catalogue.table("public", name).is_ok() {
                    let sql = format!("DELETE FROM {}", quoted(name));
                    script.push(RawStatement::theirs(sql, params![]));
                }
            }
        }
        let before = script.len();
        script.extend(planned.script);
        let done = self
            .sql
            .script_within(script, RawAccess::Strict, false, true, TIME_LIMIT)
            .await;
        let answers = done.map_err(|error| {
            let failed = RawScript::failed_at(&error).and_then(|at| at.checked_sub(before));
            let written = failed.map(|at| {
                planned
                    .begins
                    .partition_point(|start| *start <= at)
                    .saturating_sub(1)
            });
            match written.and_then(|at| planned.written.get(at)) {
                Some(statement) => placed(error, &format!("Line {}", statement.line)),
                None => error,
            }
        })?;
        self.schema.library.refresh().await?;
        let inserted = planned.written.iter().zip(&planned.answers);
        let rows = inserted
            .filter(|(statement, _)| statement.tokens[0].is("insert"))
            .filter_map(|(_, at)| answers.get(before + (*at)?))
            .map(|answer| answer.affected)
            .sum();
        Ok(Imported { tables, rows })
    }
}

impl Transfer {
    /// Refuses to empty tables where rows of others would be deleted or changed with them, which no file brings back.
    async fn spares_others(&self, tables: &[String]) -> Result<()> {
        let library = &self.schema.library;
        let acts = |key: &&ForeignKey| {
            tables.contains(&key.table)
                && !["NO ACTION", "RESTRICT"].contains(&key.on_delete.to_uppercase().as_str())
        };
        for other in library.current().tables("public") {
            if tables.contains(&other.name) {
                continue;
            }
            for key in other.foreign_keys.iter().filter(acts) {
                let schema = match library.dialect() {
                    Dialect::Postgres => "public.",
                    Dialect::Sqlite => "",
                };
                let refers: Vec<String> = key
                    .columns
                    .iter()
                    .map(|column| format!("{} IS NOT NULL", quoted(column)))
                    .collect();
                let sql = format!(
                    "SELECT count(*) FROM (SELECT 1 FROM {schema}{} WHERE {} LIMIT 1) AS there",
                    quoted(&other.name),
                    refers.join(" AND ")
                );
                if library.db.one::<i64>(&sql, params![]).await? > 0 {
                    let message = format!(
                        "Emptying \"{}\" would also delete or change rows of \"{}\", which the file does not bring back; \
                         export both, or import without truncate",
                        key.table, other.name
                    );
                    return Err(Error::invalid("truncate", message));
                }
            }
        }
        Ok(())
    }
}

/// The table that `INSERT INTO` or `CREATE TABLE` names.
fn written_table(statement: &Statement) -> Option<String> {
    let tokens = &statement.tokens;
    let mut at = match (tokens.first()?, tokens.get(1)?) {
        (first, second) if first.is("insert") && second.is("into") => 2,
        (first, second) if first.is("create") && second.is("table") => 2,
        _ => return None,
    };
    while ["if", "not", "exists"]
        .iter()
        .any(|word| tokens.get(at).is_some_and(|token| token.is(word)))
    {
        at += 1;
    }
    if tokens.get(at)?.text == "public" && tokens.get(at + 1)?.text == "." {
        at += 2;
    }
    Some(tokens.get(at)?.text.clone())
}
