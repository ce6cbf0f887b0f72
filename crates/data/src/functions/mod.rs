//! The functions that rendered statements call on SQLite.

mod cast;
mod contains;
mod json;
mod like;
mod pattern;
mod row;

pub(crate) use cast::{printed_moment, text_form};
pub(crate) use row::{quote, row_template};

use busbar_kernel::{Error, Result};
use busbar_store::{SqliteFunction, Value, ValueRef};

use crate::refusal::sqlstate;

/// Give these to `StoreSettings::sqlite_functions` before the store is opened: the statements of this crate call them.
pub fn sqlite_functions() -> Vec<SqliteFunction> {
    let mut functions = busbar_schema::policy::sqlite_functions();
    functions.extend([
        SqliteFunction::new("busbar_like", 2, |arguments| like::call(arguments, false)),
        SqliteFunction::new("busbar_ilike", 2, |arguments| like::call(arguments, true)),
        SqliteFunction::new("busbar_match", 2, |arguments| pattern::call(arguments, false)),
        SqliteFunction::new("busbar_imatch", 2, |arguments| pattern::call(arguments, true)),
        SqliteFunction::new("busbar_json_contains", 2, contains::call),
        SqliteFunction::new("busbar_row", -1, row::call),
        SqliteFunction::new("busbar_cast", 3, cast::call),
        SqliteFunction::new("busbar_json_get", -1, json::get),
        SqliteFunction::new("busbar_json_compare", 2, json::compare),
        SqliteFunction::new("busbar_strip_nulls", 1, json::strip_nulls),
        SqliteFunction::new("busbar_require", 3, require).volatile(),
    ]);
    functions
}

/// `busbar_require(holds, table, using)`: 1, or row security's refusal.
fn require(arguments: &[ValueRef<'_>]) -> Result<Value> {
    if let Some(ValueRef::Integer(holds)) = arguments.first()
        && *holds != 0
    {
        return Ok(Value::Int(1));
    }
    let table = text(arguments, 1).unwrap_or_default();
    let using = matches!(arguments.get(2), Some(ValueRef::Integer(1)));
    Err(violates_policy(table, using))
}

/// A row that no policy lets in, in PostgreSQL's words; `using` says that a row of an upsert may not be changed.
pub(crate) fn violates_policy(table: &str, using: bool) -> Error {
    let which = if using { " (USING expression)" } else { "" };
    sqlstate(
        "42501",
        format!("new row violates row-level security policy{which} for table \"{table}\""),
    )
}

/// A text argument; NULL is none.
fn text<'a>(arguments: &[ValueRef<'a>], at: usize) -> Option<&'a str> {
    match arguments.get(at)? {
        ValueRef::Text(bytes) => std::str::from_utf8(bytes).ok(),
        _ => None,
    }
}

fn wrong(function: &'static str) -> Error {
    Error::internal("a function of SQLite was called with arguments it does not take")
        .with("function", function)
}
