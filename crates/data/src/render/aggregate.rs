//! What rows have together: functions over groups, grouped by everything else that is selected.

use busbar_kernel::Result;
use busbar_schema::catalogue::{ColumnType, Table};
use busbar_store::Dialect;

use super::output::{Output, cast_sql};
use crate::grammar::{Aggregate, Field, Term};
use crate::refusal::sqlstate;

/// A function over the rows of a group.
#[derive(Clone, Debug)]
pub(super) struct Function {
    pub(super) aggregate: Aggregate,
    /// The type of what it takes; none counts rows.
    pub(super) of: Option<ColumnType>,
    /// The type its result is cast to.
    pub(super) result: Option<String>,
}

/// `select=count` counts rows where no column is called so.
pub(super) fn is_legacy_count(table: &Table, field: &Field<'_>) -> bool {
    field.column == "count" && field.path.is_empty() && table.position("count").is_none()
}

/// Whether the outputs are of groups and not of rows.
pub(super) fn grouped(outputs: &[Output]) -> bool {
    outputs.iter().any(|output| output.function.is_some())
}

/// A column that would have to be grouped by, and is not.
pub(super) fn ungrouped(table: &str, column: &str) -> busbar_kernel::Error {
    sqlstate(
        "42803",
        format!(
            "column \"{table}.{column}\" must appear in the GROUP BY clause or be used in an aggregate function"
        ),
    )
}

/// What the inner select shows of each row: every output under its number.
pub(super) fn rows(dialect: Dialect, outputs: &[Output]) -> String {
    let numbered = outputs.iter().enumerate().map(|(at, output)| {
        // Groups need equality, which `json` has not.
        let jsonb = output.embedded && dialect == Dialect::Postgres;
        let cast = if jsonb { "::jsonb" } else { "" };
        format!("{}{cast} AS \"_{at}\"", output.sql)
    });
    numbered.collect::<Vec<_>>().join(", ")
}

/// The outputs over the inner select's groups.
///
/// # Errors
/// 42883 for a function that does not take its column's type.
pub(super) fn groups(dialect: Dialect, outputs: &[Output]) -> Result<Vec<Output>> {
    let outer = outputs.iter().enumerate().map(|(at, output)| {
        let mut outer = output.clone();
        outer.sql = format!("\"_g\".\"_{at}\"");
        let Some(function) = &output.function else {
            return Ok(outer);
        };
        let kind = result_kind(dialect, function)?;
        let of = if function.of.is_some() {
            outer.sql.as_str()
        } else {
            "*"
        };
        let sql = format!("{}({of})", function.aggregate.word());
        (outer.sql, outer.kind) = match &function.result {
            Some(name) => cast_sql(dialect, &sql, kind, name)?,
            None => (sql, kind),
        };
        Ok(outer)
    });
    outer.collect()
}

/// ` GROUP BY …`, where anything but functions is selected.
pub(super) fn group_by(outputs: &[Output]) -> String {
    let keys = outputs
        .iter()
        .enumerate()
        .filter(|(_, output)| output.function.is_none());
    let keys: Vec<String> = keys.map(|(at, _)| format!("\"_g\".\"_{at}\"")).collect();
    if keys.is_empty() {
        return String::new();
    }
    format!(" GROUP BY {}", keys.join(", "))
}

/// The group's key that a term of an order speaks of.
///
/// # Errors
/// 42703 for a column that is not there, 42803 for one that is not grouped by.
pub(super) fn key(table: &Table, outputs: &[Output], term: &Term) -> Result<String> {
    table.column(&term.field.column)?;
    let found = outputs
        .iter()
        .position(|output| output.field.as_ref() == Some(&term.field));
    match found {
        Some(at) if term.relation.is_none() => Ok(format!("\"_g\".\"_{at}\"")),
        _ => Err(ungrouped(&table.name, &term.field.column)),
    }
}

/// The type of a function's result, as PostgreSQL has it.
fn result_kind(dialect: Dialect, function: &Function) -> Result<ColumnType> {
    use ColumnType::{BigInt, Boolean, Bytea, Double, Integer, Json, Jsonb, Numeric, Real, SmallInt, Uuid};
    let Some(kind) = function.of else {
        return Ok(BigInt);
    };
    Ok(match (function.aggregate, kind) {
        (Aggregate::Count, _) | (Aggregate::Sum, SmallInt | Integer) => BigInt,
        (Aggregate::Sum, BigInt | Numeric) | (Aggregate::Avg, SmallInt | Integer | BigInt | Numeric) => {
            Numeric
        }
        (Aggregate::Sum, Real) => Real,
        (Aggregate::Sum, Double) | (Aggregate::Avg, Real | Double) => Double,
        // PostgreSQL itself refuses what it does not take, by the type's own name.
        (_, kind) if dialect == Dialect::Postgres => kind,
        (Aggregate::Min | Aggregate::Max, kind) if !matches!(kind, Boolean | Bytea | Json | Jsonb | Uuid) => {
            kind
        }
        (aggregate, kind) => {
            let message = format!("function {}({}) does not exist", aggregate.word(), kind.name());
            return Err(sqlstate("42883", message).hint(
                "No function matches the given name and argument types. You might need to add explicit type casts.",
            ));
        }
    })
}
