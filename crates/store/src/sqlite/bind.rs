//! Values into SQLite and out of it.

use rusqlite::types::{ToSql, ToSqlOutput, Value as Stored, ValueRef};

use crate::Value;
use crate::value::timestamp_text;

/// A parameter as SQLite takes it, borrowed where it can be.
pub(super) struct Bound<'v>(pub(super) &'v Value);

impl ToSql for Bound<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self.0 {
            Value::Text(text) | Value::Json(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
            Value::Bytes(bytes) => ToSqlOutput::Borrowed(ValueRef::Blob(bytes)),
            other => ToSqlOutput::Owned(owned(other.clone())),
        })
    }
}

/// A value as SQLite stores it.
pub(super) fn owned(value: Value) -> Stored {
    match value {
        Value::Null => Stored::Null,
        Value::Bool(value) => Stored::Integer(value.into()),
        Value::Int(value) => Stored::Integer(value),
        Value::Float(value) => Stored::Real(value),
        Value::Text(text) | Value::Json(text) => Stored::Text(text),
        Value::Bytes(bytes) => Stored::Blob(bytes),
        Value::Uuid(uuid) => Stored::Text(uuid.hyphenated().to_string()),
        Value::Timestamp(moment) => Stored::Text(timestamp_text(moment)),
    }
}

/// A column as a value; text that is not UTF-8 becomes bytes.
pub(super) fn read(column: ValueRef<'_>) -> Value {
    match column {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(value) => Value::Int(value),
        ValueRef::Real(value) => Value::Float(value),
        ValueRef::Text(bytes) => match std::str::from_utf8(bytes) {
            Ok(text) => Value::Text(text.to_owned()),
            Err(_) => Value::Bytes(bytes.to_vec()),
        },
        ValueRef::Blob(bytes) => Value::Bytes(bytes.to_vec()),
    }
}
