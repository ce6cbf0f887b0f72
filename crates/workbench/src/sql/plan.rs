//! From what people wrote to what runs: their statements, and those of Busbar's own that go along.

use busbar_kernel::Result;
use busbar_schema::{ObjectsChange, Schema, events};
use busbar_store::{Dialect, Params, RawStatement, Statement, params};

use super::guard;
use super::objects;
use super::place::{located, starts};
use super::row_security::{remember_tables, secure_made};
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
    /// Where the script of each written statement begins.
    pub(crate) begins: Vec<usize>,
    /// Whether it only reads, for sure.
    pub(crate) reads: bool,
}

/// How much one text may hold.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    /// In bytes.
    pub(crate) length: usize,
    /// Statements.
    pub(crate) statements: usize,
}

/// What is written by hand.
const BY_HAND: Bounds = Bounds {
    length: 4 * 1024 * 1024,
    statements: 1000,
};

/// Reads, checks and completes a text.
///
/// # Errors
/// `workbench.sql_refused` for what may not be said, `input.invalid` for an empty or too long text; on SQLite also
/// 0A000 for what only PostgreSQL has.
pub(crate) fn plan(schema: &Schema, strict: bool, sql: &str, given: Params) -> Result<Planned> {
    plan_within(schema, BY_HAND, strict, sql, given, |_| false)
}

/// The same within other bounds, and without the statements that are to be passed over.
///
/// # Errors
/// As [`plan`]; a refusal knows its place.
pub(crate) fn plan_within(
    schema: &Schema,
    bounds: Bounds,
    strict: bool,
    sql: &str,
    given: Params,
    passed: impl Fn(&Statement) -> bool,
) -> Result<Planned> {
    let dialect = schema.library.dialect();
    let written = cut(dialect, bounds, sql, &given)?;
    if strict && dialect == Dialect::Postgres {
        objects::none(&written)?;
    }
    let mut planned = Planned {
        reads: dialect == Dialect::Sqlite && written.iter().all(guard::reads),
        script: Vec::new(),
        answers: Vec::new(),
        starts: starts(sql, &written),
        begins: Vec::new(),
        written: Vec::new(),
    };
    let mut made = Vec::new();
    let mut unchecked = false;
    let mut given = Some(given);
    for statement in written {
        let start = planned.starts[planned.written.len()];
        let params = given.take().unwrap_or_default();
        planned.begins.push(planned.script.len());
        if passed(&statement) {
            planned.answers.push(None);
            planned.written.push(statement);
            continue;
        }
        let added = match (guard::check(&statement), dialect) {
            (Err(error), _) => Err(error),
            (Ok(()), Dialect::Postgres) => {
                postgres(&mut planned, &mut unchecked, &statement, params, strict);
                Ok(())
            }
            (Ok(()), Dialect::Sqlite) => sqlite(schema, &mut planned, &mut made, &statement, params, strict),
        };
        added.map_err(|error| located(error, sql, start))?;
        planned.written.push(statement);
    }
    if unchecked {
        planned
            .script
            .push(RawStatement::ours(secure_made(strict), params![]));
    }
    Ok(planned)
}

fn sqlite(
    schema: &Schema,
    planned: &mut Planned,
    made: &mut Vec<String>,
    statement: &Statement,
    params: Params,
    strict: bool,
) -> Result<()> {
    guard::no_virtual_tables(statement)?;
    // A policy is kept as a tree that was checked, not as SQL.
    let is_policy = statement.tokens.get(1).is_some_and(|word| word.is("policy"));
    if strict && !is_policy {
        guard::no_system_names(statement)?;
    }
    // The triggers of change events name columns and would hold them, so they stand aside meanwhile.
    let changes = guard::defines(statement) && !schema.library.current().published().is_empty();
    if changes {
        planned.script.push(events::drop_triggers_raw());
    }
    translate::sqlite(schema, planned, made, statement, params)?;
    if changes {
        planned.script.push(events::make_triggers_raw());
    }
    Ok(())
}

/// The changes of policies of `storage.objects` that make up a text on PostgreSQL, where its owner has to make them.
///
/// # Errors
/// As [`plan`].
pub(crate) fn objects_changes(
    schema: &Schema,
    sql: &str,
    given: &Params,
) -> Result<Option<Vec<ObjectsChange>>> {
    let dialect = schema.library.dialect();
    if dialect == Dialect::Sqlite {
        return Ok(None);
    }
    objects::changes(&cut(dialect, BY_HAND, sql, given)?)
}

fn cut(dialect: Dialect, bounds: Bounds, sql: &str, given: &Params) -> Result<Vec<Statement>> {
    let written = guard::cut(dialect, bounds, sql)?;
    if written.len() > 1 && !given.is_empty() {
        return Err(busbar_kernel::Error::invalid(
            "params",
            "Parameters belong to a single statement",
        ));
    }
    Ok(written)
}

/// Each statement that makes tables is followed by turning their row security on, so that the next one can turn it off;
/// what functions and triggers made meanwhile comes before that, and at the end.
fn postgres(
    planned: &mut Planned,
    unchecked: &mut bool,
    statement: &Statement,
    params: Params,
    strict: bool,
) {
    let check = || RawStatement::ours(secure_made(strict), params![]);
    if planned.script.is_empty() {
        planned
            .script
            .push(RawStatement::ours(remember_tables(), params![]));
    }
    let says = |word: &str| statement.tokens.iter().any(|token| token.is(word));
    let makes = ["create", "do", "call", "alter"]
        .iter()
        .any(|word| statement.tokens[0].is(word))
        || (says("into") && !statement.tokens[0].is("insert"));
    if makes && std::mem::take(unchecked) {
        planned.script.push(check());
    }
    planned.answers.push(Some(planned.script.len()));
    planned
        .script
        .push(RawStatement::theirs(statement.text.as_str(), params));
    if makes {
        planned.script.push(check());
    } else {
        *unchecked = true;
    }
}
