//! From what people wrote to what runs: their statements, and those of Busbar's own that go along.

use busbar_kernel::Result;
use busbar_schema::{Schema, events};
use busbar_store::{Dialect, Params, RawStatement, Statement, params};

use super::guard;
use super::place::{located, starts};
use super::row_security::{ENABLE_ROW_SECURITY, HAND_OVER, REMEMBER_TABLES};
use super::translate;

/// A text, ready to run.
pub(crate) struct Planned {
    /// What people wrote, statement by statement.
    pub(crate) written: Vec<Statement>,
    /// What runs.
    pub(crate) script: Vec<RawStatement>,
    /// Where the answer of each written statement stands in the script; none where Busbar acts in its place.
    pub(crate) answers: Vec<Option<usize>>,
    /// Where each written statement begins in the text, in bytes.
    pub(crate) starts: Vec<usize>,
    /// Whether it only reads, for sure.
    pub(crate) reads: bool,
}

/// Reads, checks and completes a text.
///
/// # Errors
/// `workbench.sql_refused` for what may not be said, `input.invalid` for an empty or too long text; on SQLite also
/// 0A000 for what only PostgreSQL has.
pub(crate) fn plan(schema: &Schema, strict: bool, sql: &str, given: Params) -> Result<Planned> {
    let dialect = schema.library.dialect();
    let written = cut(dialect, sql, &given)?;
    let mut planned = Planned {
        reads: dialect == Dialect::Sqlite && written.iter().all(guard::reads),
        script: Vec::new(),
        answers: Vec::new(),
        starts: starts(sql, &written),
        written: Vec::new(),
    };
    let mut made = Vec::new();
    let mut given = Some(given);
    for statement in written {
        let start = planned.starts[planned.written.len()];
        guard::check(dialect, &statement).map_err(|error| located(error, sql, start))?;
        let params = given.take().unwrap_or_default();
        match dialect {
            Dialect::Postgres => postgres(&mut planned, &statement, params, strict),
            Dialect::Sqlite => {
                if strict {
                    guard::no_system_names(&statement).map_err(|error| located(error, sql, start))?;
                }
                // The triggers of change events name columns and would hold them, so they stand aside meanwhile.
                let changes = guard::defines(&statement) && !schema.library.current().published().is_empty();
                if changes {
                    planned.script.push(events::drop_triggers_raw());
                }
                translate::sqlite(schema, &mut planned, &mut made, &statement, params)
                    .map_err(|error| located(error, sql, start))?;
                if changes {
                    planned.script.push(events::make_triggers_raw());
                }
            }
        }
        planned.written.push(statement);
    }
    Ok(planned)
}

fn cut(dialect: Dialect, sql: &str, given: &Params) -> Result<Vec<Statement>> {
    let written = guard::cut(dialect, sql)?;
    if written.len() > 1 && !given.is_empty() {
        return Err(busbar_kernel::Error::invalid(
            "params",
            "Parameters belong to a single statement",
        ));
    }
    Ok(written)
}

/// What may make tables is followed by turning their row security on, and handing over what the owner made.
fn postgres(planned: &mut Planned, statement: &Statement, params: Params, strict: bool) {
    let words = ["create", "do", "call", "alter"];
    let may_make = words.iter().any(|word| statement.tokens[0].is(word))
        || statement.tokens.iter().any(|token| token.is("into"));
    if may_make {
        planned
            .script
            .push(RawStatement::ours(REMEMBER_TABLES, params![]));
    }
    planned.answers.push(Some(planned.script.len()));
    planned
        .script
        .push(RawStatement::theirs(statement.text.as_str(), params));
    if may_make {
        planned
            .script
            .push(RawStatement::ours(ENABLE_ROW_SECURITY, params![]));
        if !strict {
            planned.script.push(RawStatement::ours(HAND_OVER, params![]));
        }
    }
}
