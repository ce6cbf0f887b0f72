//! What a row shows: columns, paths and casts, each in its JSON form.

use busbar_kernel::Result;
use busbar_store::Dialect;

use super::builder::{Builder, column_sql};
use crate::functions::row_template;
use crate::grammar::{Item, JsonKey, JsonStep};
use crate::refusal::{only_postgres, sqlstate};
use busbar_schema::catalogue::{Column, ColumnType, Table};
use busbar_schema::quote::{quoted, text_literal};

/// SQLite takes at most 1,000 arguments per function.
const KEYS_PER_OBJECT: usize = 480;

/// One key of the answer's rows.
#[derive(Clone, Debug)]
pub(crate) struct Output {
    pub(crate) key: String,
    pub(crate) kind: ColumnType,
    /// The column it is made from.
    pub(super) column: String,
    sql: String,
}

/// The keys of `items`, in order.
///
/// # Errors
/// 42703 for a column that is not there, 42704 for an unknown type of a cast.
pub(super) fn outputs(dialect: Dialect, table: &Table, items: &[Item]) -> Result<Vec<Output>> {
    let mut outputs = Vec::new();
    for item in items {
        match item {
            Item::Star => outputs.extend(table.columns.iter().map(|column| Output {
                key: column.name.clone(),
                kind: column.kind,
                column: column.name.clone(),
                sql: column_sql(table, &column.name),
            })),
            Item::Column { alias, field, cast } => {
                let column = table.column(&field.column)?;
                let (mut sql, mut kind) = path_sql(dialect, table, column, &field.path)?;
                if let Some(name) = cast {
                    (sql, kind) = cast_sql(dialect, &sql, kind, name)?;
                }
                let key = alias.as_deref().unwrap_or_else(|| field.default_alias());
                outputs.push(Output {
                    key: key.to_owned(),
                    kind,
                    column: column.name.clone(),
                    sql,
                });
            }
        }
    }
    Ok(outputs)
}

/// A column and a path into it, and the type that comes out.
pub(super) fn path_sql(
    dialect: Dialect,
    table: &Table,
    column: &Column,
    path: &[JsonStep],
) -> Result<(String, ColumnType)> {
    let sql = column_sql(table, &column.name);
    let Some(last) = path.last() else {
        return Ok((sql, column.kind));
    };
    let kind = if last.text {
        ColumnType::Text
    } else {
        ColumnType::Jsonb
    };
    if let Some(early) = path.iter().rev().skip(1).find(|step| step.text) {
        return Err(sqlstate(
            "42883",
            format!(
                "operator does not exist: text -> {}",
                if matches!(early.key, JsonKey::Name(_)) {
                    "unknown"
                } else {
                    "integer"
                }
            ),
        ));
    }
    let key = |key: &JsonKey| match key {
        JsonKey::Name(name) => text_literal(name),
        JsonKey::Index(index) => index.to_string(),
    };
    if dialect == Dialect::Postgres {
        let base = if column.kind.is_json() {
            sql
        } else {
            format!("to_jsonb({sql})")
        };
        let steps = path.iter().map(|step| {
            let arrow = if step.text { "->>" } else { "->" };
            format!("{arrow}{}", key(&step.key))
        });
        return Ok((format!("({base}{})", steps.collect::<String>()), kind));
    }
    if !column.kind.is_json() {
        return Err(only_postgres("a path into a column that is not JSON"));
    }
    let keys = path.iter().map(|step| format!(", {}", key(&step.key)));
    let text = i32::from(last.text);
    Ok((
        format!("busbar_json_get({sql}, {text}{})", keys.collect::<String>()),
        kind,
    ))
}

fn cast_sql(dialect: Dialect, sql: &str, kind: ColumnType, name: &str) -> Result<(String, ColumnType)> {
    let to = ColumnType::of(name);
    if dialect == Dialect::Postgres {
        // The grammar lets only letters, digits, `_` and blanks through.
        return Ok((format!("CAST({sql} AS {name})"), to));
    }
    if to == ColumnType::Other {
        return Err(sqlstate("42704", format!("type \"{name}\" does not exist")));
    }
    let (from, target) = (kind.name(), to.name());
    Ok((format!("busbar_cast({sql}, '{from}', '{target}')"), to))
}

/// Writes the select list of a read or of `RETURNING` as one JSON text per row.
pub(super) fn row_json(builder: &mut Builder<'_>, outputs: &[Output], nulls_stripped: bool, from: &str) {
    match builder.dialect {
        Dialect::Postgres => {
            let columns: Vec<String> = outputs
                .iter()
                .map(|output| format!("{} AS {}", output.sql, quoted(&output.key)))
                .collect();
            let strip = if nulls_stripped {
                "json_strip_nulls(row_to_json(\"_r\"))"
            } else {
                "row_to_json(\"_r\")"
            };
            builder.push(&format!(
                "SELECT {strip}::text FROM (SELECT {}{from}",
                columns.join(", ")
            ));
        }
        Dialect::Sqlite => {
            let objects: Vec<String> = outputs.chunks(KEYS_PER_OBJECT).map(object).collect();
            let whole = match objects.as_slice() {
                [] => "'{}'".to_owned(),
                [one] => one.clone(),
                several => {
                    let inner = several
                        .iter()
                        .map(|object| format!("substr({object}, 2, length({object}) - 2)"));
                    format!(
                        "'{{' || {} || '}}'",
                        inner.collect::<Vec<_>>().join(" || ',' || ")
                    )
                }
            };
            let row = if nulls_stripped {
                format!("busbar_strip_nulls({whole})")
            } else {
                whole
            };
            builder.push(&format!("{row}{from}"));
        }
    }
}

fn object(outputs: &[Output]) -> String {
    let template = row_template(outputs.iter().map(|output| (output.key.as_str(), output.kind)));
    let values: Vec<&str> = outputs.iter().map(|output| output.sql.as_str()).collect();
    format!("busbar_row({}, {})", text_literal(&template), values.join(", "))
}
