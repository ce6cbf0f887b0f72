//! Columns and references as the page writes them.

use busbar_kernel::{Error, Result};
use busbar_schema::{Action, ColumnType, NewColumn, NewForeignKey};
use serde::Deserialize;
use utoipa::ToSchema;

/// A column to be made.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ColumnInput {
    pub(crate) column_name: String,
    /// string, date, datetime, integer, float, boolean, uuid, json.
    #[serde(rename = "type")]
    kind: String,
    #[serde(default = "yes")]
    is_nullable: bool,
    #[serde(default)]
    is_unique: bool,
    default_value: Option<String>,
}

/// A reference to be made.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ForeignKeyInput {
    constraint_name: Option<String>,
    reference_table: String,
    reference_columns: Vec<ColumnPair>,
    on_delete: Option<String>,
    on_update: Option<String>,
}

/// A pair of own and referred column.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ColumnPair {
    source_column: String,
    reference_column: String,
}

fn yes() -> bool {
    true
}

/// The columns, with the place of each in the input for errors.
pub(crate) fn columns(field: &str, inputs: Vec<ColumnInput>) -> Result<Vec<NewColumn>> {
    let read = |(at, input): (usize, ColumnInput)| {
        let kind = ColumnType::from_api_word(&input.kind).ok_or_else(|| {
            let words = "string, date, datetime, integer, float, boolean, uuid, json";
            Error::invalid(
                format!("{field}[{at}].type"),
                format!("{:?} is none of {words}", input.kind),
            )
        })?;
        Ok(NewColumn {
            name: input.column_name,
            kind,
            nullable: input.is_nullable,
            unique: input.is_unique,
            default: input.default_value.filter(|text| !text.is_empty()),
        })
    };
    inputs.into_iter().enumerate().map(read).collect()
}

/// The references, with the place of each in the input for errors.
pub(crate) fn foreign_keys(field: &str, inputs: Vec<ForeignKeyInput>) -> Result<Vec<NewForeignKey>> {
    let action = |at: usize, name: &str, words: Option<String>| match words {
        None => Ok(Action::default()),
        Some(words) => Action::of(&words).ok_or_else(|| {
            let message = format!("{words:?} is none of NO ACTION, RESTRICT, CASCADE, SET NULL, SET DEFAULT");
            Error::invalid(format!("{field}[{at}].{name}"), message)
        }),
    };
    let read = |(at, input): (usize, ForeignKeyInput)| {
        let pairs = input.reference_columns.into_iter();
        Ok(NewForeignKey {
            name: input.constraint_name,
            table: input.reference_table,
            columns: pairs
                .map(|pair| (pair.source_column, pair.reference_column))
                .collect(),
            on_delete: action(at, "onDelete", input.on_delete)?,
            on_update: action(at, "onUpdate", input.on_update)?,
        })
    };
    inputs.into_iter().enumerate().map(read).collect()
}
