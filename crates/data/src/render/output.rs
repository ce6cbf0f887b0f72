//! What a row shows: columns, paths, casts, aggregates and embeds, each in its JSON form.

use busbar_kernel::Result;
use busbar_schema::catalogue::{Column, ColumnType, Link};
use busbar_schema::quote::{quoted, text_literal};
use busbar_store::Dialect;
use chrono_tz::Tz;

use super::aggregate::{Function, is_legacy_count, ungrouped};
use super::builder::Builder;
use super::embed;
use super::form::RowForm;
use super::node::{Child, Node};
use super::spread::spread;
use crate::functions::row_template;
use crate::grammar::{Aggregate, Field, Item, JsonKey, JsonStep};
use crate::refusal::{only_postgres, sqlstate};

/// SQLite takes at most 1,000 arguments per function.
const KEYS_PER_OBJECT: usize = 480;

/// One key of the answer's rows.
#[derive(Clone, Debug)]
pub(crate) struct Output {
    pub(crate) key: String,
    pub(crate) kind: ColumnType,
    /// The columns of the table that it is made from.
    pub(super) columns: Vec<String>,
    /// The column and path that it shows as they are.
    pub(super) field: Option<Field<'static>>,
    /// What is made of it over all rows of a group.
    pub(super) function: Option<Function>,
    /// The rows of a related table, as JSON.
    pub(super) embedded: bool,
    /// On PostgreSQL: its type, before any function.
    pub(super) declared: String,
    /// On SQLite: the zone in which a moment is told.
    pub(super) zone: Option<Tz>,
    pub(super) sql: String,
}

/// The keys of a node's rows, in order.
///
/// # Errors
/// 42703 for a column that is not there, 42704 for an unknown type of a cast, 42883 for a function that does not take
/// a column's type.
pub(super) fn outputs<'t>(builder: &mut Builder<'t>, node: &Node<'t>) -> Result<Vec<Output>> {
    let mut outputs = Vec::new();
    let mut children = node.children.iter();
    for item in node.items {
        match item {
            Item::Star => {
                let columns = node.table.columns.iter();
                outputs.extend(columns.map(|column| plain(builder, column)));
            }
            Item::Column { alias, field, cast } if is_legacy_count(node.table, field) => {
                let key = alias.clone().unwrap_or_else(|| "count".to_owned());
                outputs.push(counted(key, cast.clone()));
            }
            Item::Column { alias, field, cast } => {
                let key = alias.as_deref().unwrap_or_else(|| field.default_alias());
                outputs.push(column(builder, key.to_owned(), field, cast.as_deref())?);
            }
            Item::Aggregate {
                alias,
                function,
                field,
                cast,
                result,
            } => {
                let key = alias.clone().unwrap_or_else(|| function.word().to_owned());
                outputs.push(match field {
                    None => counted(key, result.clone()),
                    Some(field) => {
                        let mut output = column(builder, key, field, cast.as_deref())?;
                        output.field = None;
                        output.function = Some(Function {
                            aggregate: *function,
                            of: Some(output.kind),
                            result: result.clone(),
                        });
                        output
                    }
                });
            }
            Item::Embed(_) => {
                if let Some(child) = children.next() {
                    outputs.extend(shown(builder, child)?);
                }
            }
        }
        builder.bounded()?;
    }
    if builder.dialect == Dialect::Sqlite {
        for output in &mut outputs {
            output.zone = output.zone.or(node.zone);
        }
    }
    // Only the functions of the grammar group by what stands beside them.
    let legacy =
        |item: &Item| matches!(item, Item::Column { field, .. } if is_legacy_count(node.table, field));
    if node.items.iter().any(legacy)
        && let Some(other) = outputs.iter().find(|output| output.function.is_none())
    {
        let column = other.columns.first().map_or("", String::as_str);
        return Err(ungrouped(&node.table.name, column));
    }
    Ok(outputs)
}

fn plain(builder: &Builder<'_>, column: &Column) -> Output {
    Output {
        key: column.name.clone(),
        kind: column.kind,
        columns: vec![column.name.clone()],
        field: Some(Field {
            column: column.name.clone().into(),
            path: Vec::new(),
        }),
        function: None,
        embedded: false,
        declared: column.declared.clone(),
        zone: None,
        sql: builder.column_sql(&column.name),
    }
}

fn column(builder: &Builder<'_>, key: String, field: &Field<'static>, cast: Option<&str>) -> Result<Output> {
    let column = builder.table.column(&field.column)?;
    let path = &field.path;
    let (mut sql, mut kind) = path_sql(builder, column, path)?;
    let mut declared = match path.last() {
        None => column.declared.clone(),
        Some(_) => kind.name().to_owned(),
    };
    if let Some(name) = cast {
        (sql, kind) = cast_sql(builder.dialect, &sql, kind, name)?;
        declared = type_sql(name);
    }
    Ok(Output {
        key,
        kind,
        columns: vec![column.name.clone()],
        field: cast.is_none().then(|| field.clone()),
        function: None,
        embedded: false,
        declared,
        zone: None,
        sql,
    })
}

fn counted(key: String, result: Option<String>) -> Output {
    Output {
        key,
        kind: ColumnType::BigInt,
        columns: Vec::new(),
        field: None,
        function: Some(Function {
            aggregate: Aggregate::Count,
            of: None,
            result,
        }),
        embedded: false,
        declared: "integer".to_owned(),
        zone: None,
        sql: "1".to_owned(),
    }
}

/// What an embed adds to its parent's rows: one key, or those of a spread, or nothing.
fn shown<'t>(builder: &mut Builder<'t>, child: &Child<'t>) -> Result<Vec<Output>> {
    if child.embed.items.is_empty() {
        return Ok(Vec::new());
    }
    let columns = match &child.relation.link {
        Link::Key { columns, .. } => columns,
        Link::Junction { near, .. } => &near.1,
        Link::Function { .. } => &Vec::new(),
    };
    let columns: Vec<String> = columns.iter().map(|(here, _)| here.clone()).collect();
    if child.embed.spread {
        let mut lifted = spread(builder, child)?;
        for output in &mut lifted {
            output.field = None;
            output.columns.clone_from(&columns);
        }
        return Ok(lifted);
    }
    Ok(vec![Output {
        key: child.embed.alias.as_ref().unwrap_or(&child.embed.name).clone(),
        kind: ColumnType::Json,
        columns,
        field: None,
        function: None,
        embedded: true,
        declared: "jsonb".to_owned(),
        zone: None,
        sql: embed::value(builder, child)?,
    }])
}

/// A column and a path into it, and the type that comes out.
pub(super) fn path_sql(
    builder: &Builder<'_>,
    column: &Column,
    path: &[JsonStep],
) -> Result<(String, ColumnType)> {
    let sql = builder.column_sql(&column.name);
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
    if builder.dialect == Dialect::Postgres {
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

/// A value as another type.
pub(super) fn cast_sql(
    dialect: Dialect,
    sql: &str,
    kind: ColumnType,
    name: &str,
) -> Result<(String, ColumnType)> {
    let to = ColumnType::of(name);
    if dialect == Dialect::Postgres {
        return Ok((format!("CAST({sql} AS {})", type_sql(name)), to));
    }
    if to == ColumnType::Other {
        return Err(sqlstate("42704", format!("type \"{name}\" does not exist")));
    }
    let (from, target) = (kind.name(), to.name());
    Ok((format!("busbar_cast({sql}, '{from}', '{target}')"), to))
}

/// A type's name in a cast of PostgreSQL. The grammar lets letters, digits, `_` and blanks through: what is no name of
/// SQL's own is quoted, so that nothing else can be meant than a type.
fn type_sql(name: &str) -> String {
    const OWN: [&str; 28] = [
        "int",
        "integer",
        "smallint",
        "bigint",
        "real",
        "float",
        "double precision",
        "decimal",
        "dec",
        "numeric",
        "boolean",
        "bit",
        "bit varying",
        "char",
        "character",
        "character varying",
        "varchar",
        "nchar",
        "time",
        "time with time zone",
        "time without time zone",
        "timestamp",
        "timestamp with time zone",
        "timestamp without time zone",
        "interval",
        "national character",
        "national character varying",
        "char varying",
    ];
    let words: Vec<String> = name.split_whitespace().map(str::to_ascii_lowercase).collect();
    let lower = words.join(" ");
    if OWN.contains(&lower.as_str()) {
        return lower;
    }
    quoted(&lower)
}

/// The select list of rows that become JSON: on PostgreSQL columns under their keys, on SQLite the JSON itself.
pub(super) fn select_list(dialect: Dialect, outputs: &[Output]) -> String {
    if dialect == Dialect::Postgres {
        let columns = outputs
            .iter()
            .map(|output| format!("{} AS {}", output.sql, quoted(&output.key)));
        return columns.collect::<Vec<_>>().join(", ");
    }
    let objects: Vec<String> = outputs.chunks(KEYS_PER_OBJECT).map(object).collect();
    match objects.as_slice() {
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
    }
}

/// Starts a read or `RETURNING` with one JSON text per row; on PostgreSQL `") \"_r\""` has to follow.
pub(super) fn row_json(builder: &mut Builder<'_>, outputs: &[Output], form: RowForm<'_>) {
    let list = select_list(builder.dialect, outputs);
    builder.push(&form.select(builder.dialect, &list));
}

fn object(outputs: &[Output]) -> String {
    let template = row_template(
        outputs
            .iter()
            .map(|output| (output.key.as_str(), output.kind, output.zone)),
    );
    let values: Vec<&str> = outputs.iter().map(|output| output.sql.as_str()).collect();
    format!("busbar_row({}, {})", text_literal(&template), values.join(", "))
}
