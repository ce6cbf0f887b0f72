//! Values as parameters: as text, so that PostgreSQL parses them as the type it inferred.

use std::error::Error;

use bytes::{BufMut, BytesMut};
use postgres_types::{Format, IsNull, ToSql, Type, to_sql_checked};

use crate::Value;
use crate::value::timestamp_text;

/// A value as a parameter.
#[derive(Debug)]
pub(super) struct Parameter<'v>(pub(super) &'v Value);

impl Parameter<'_> {
    fn is_binary(&self, kind: &Type) -> bool {
        match self.0 {
            Value::Bytes(_) => *kind == Type::BYTEA,
            Value::Uuid(_) => *kind == Type::UUID,
            Value::Int(_) => *kind == Type::INT8,
            _ => false,
        }
    }
}

impl ToSql for Parameter<'_> {
    fn to_sql(&self, kind: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match self.0 {
            Value::Null => return Ok(IsNull::Yes),
            Value::Bytes(bytes) if self.is_binary(kind) => out.put_slice(bytes),
            Value::Uuid(uuid) if self.is_binary(kind) => out.put_slice(uuid.as_bytes()),
            Value::Int(number) if self.is_binary(kind) => out.put_i64(*number),
            Value::Bool(value) => out.put_slice(if *value { b"true" } else { b"false" }),
            Value::Int(number) => out.put_slice(number.to_string().as_bytes()),
            Value::Float(number) if number.is_infinite() => {
                out.put_slice(if *number > 0.0 { b"Infinity" } else { b"-Infinity" });
            }
            Value::Float(number) => out.put_slice(number.to_string().as_bytes()),
            Value::Text(text) | Value::Json(text) => out.put_slice(text.as_bytes()),
            Value::Bytes(bytes) => {
                out.put_slice(b"\\x");
                out.put_slice(hex::encode(bytes).as_bytes());
            }
            Value::Uuid(uuid) => out.put_slice(uuid.hyphenated().encode_lower(&mut [0; 36]).as_bytes()),
            Value::Timestamp(moment) => out.put_slice(timestamp_text(*moment).as_bytes()),
        }
        Ok(IsNull::No)
    }

    fn accepts(_kind: &Type) -> bool {
        true
    }

    fn encode_format(&self, kind: &Type) -> Format {
        if self.is_binary(kind) {
            Format::Binary
        } else {
            Format::Text
        }
    }

    to_sql_checked!();
}
