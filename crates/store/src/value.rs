//! Values as they travel to and from a database.

use busbar_kernel::Timestamp;
use busbar_kernel::ids::Id;
use chrono::SecondsFormat;
use uuid::Uuid;

/// The parameters of a statement, in the order of `$1`, `$2` …
pub type Params = Vec<Value>;

/// One value: a parameter, or a column of a row.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// SQL's NULL.
    Null,
    /// 0 or 1 in SQLite.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A double.
    Float(f64),
    /// A text; PostgreSQL parses it as whatever type the parameter has.
    Text(String),
    /// Bytes: BLOB or `bytea`.
    Bytes(Vec<u8>),
    /// A UUID; its hyphenated text in SQLite.
    Uuid(Uuid),
    /// A moment; see [`timestamp_text`] for its form in SQLite.
    Timestamp(Timestamp),
    /// A JSON document as text; `json` or `jsonb` in PostgreSQL.
    Json(String),
}

/// A moment as SQLite stores it: always six digits and `+00:00`, so that the order of texts is the order of time.
pub fn timestamp_text(moment: Timestamp) -> String {
    moment.to_rfc3339_opts(SecondsFormat::Micros, false)
}

impl Value {
    /// A value as a JSON document.
    ///
    /// # Errors
    /// What serde cannot write as JSON, such as a map whose keys are no texts.
    pub fn json<T: serde::Serialize + ?Sized>(value: &T) -> busbar_kernel::Result<Self> {
        serde_json::to_string(value).map(Self::Json).map_err(|error| {
            busbar_kernel::Error::internal("a value cannot be written as JSON").source(error)
        })
    }

    /// Whether it is NULL.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }
}

macro_rules! from {
    ($($from:ty => |$value:ident| $to:expr;)*) => {$(
        impl From<$from> for Value {
            fn from($value: $from) -> Self {
                $to
            }
        }
    )*};
}

from! {
    bool => |value| Self::Bool(value);
    i16 => |value| Self::Int(value.into());
    i32 => |value| Self::Int(value.into());
    i64 => |value| Self::Int(value);
    u8 => |value| Self::Int(value.into());
    u16 => |value| Self::Int(value.into());
    u32 => |value| Self::Int(value.into());
    f32 => |value| Self::Float(value.into());
    f64 => |value| Self::Float(value);
    &str => |value| Self::Text(value.to_owned());
    String => |value| Self::Text(value);
    &String => |value| Self::Text(value.clone());
    std::borrow::Cow<'_, str> => |value| Self::Text(value.into_owned());
    Vec<u8> => |value| Self::Bytes(value);
    &[u8] => |value| Self::Bytes(value.to_vec());
    Uuid => |value| Self::Uuid(value);
    Id => |value| Self::Uuid(value.0);
    Timestamp => |value| Self::Timestamp(value);
    serde_json::Value => |value| Self::Json(value.to_string());
    &serde_json::Value => |value| Self::Json(value.to_string());
    &busbar_kernel::Tenant => |value| Self::Text(value.as_str().to_owned());
}

/// A count above `i64::MAX`, which no database can hold, becomes `i64::MAX`.
impl From<u64> for Value {
    fn from(value: u64) -> Self {
        Self::Int(i64::try_from(value).unwrap_or(i64::MAX))
    }
}

/// A count above `i64::MAX`, which no database can hold, becomes `i64::MAX`.
impl From<usize> for Value {
    fn from(value: usize) -> Self {
        Self::Int(i64::try_from(value).unwrap_or(i64::MAX))
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// The parameters of a statement: `params![id, name, Some(3)]`.
#[macro_export]
macro_rules! params {
    ($($value:expr),* $(,)?) => { ::std::vec![$($crate::Value::from($value)),*] };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_sort_as_texts_and_always_have_six_digits() {
        let whole = Timestamp::from_timestamp(1_767_225_600, 0).unwrap();
        let later = Timestamp::from_timestamp(1_767_225_600, 120_000_000).unwrap();
        assert_eq!(timestamp_text(whole), "2026-01-01T00:00:00.000000+00:00");
        assert_eq!(timestamp_text(later), "2026-01-01T00:00:00.120000+00:00");
        assert!(timestamp_text(whole) < timestamp_text(later));
    }

    #[test]
    fn params_take_what_people_have() {
        assert_eq!(
            params![1, "a", None::<String>, Some(true)],
            [
                Value::Int(1),
                Value::Text("a".into()),
                Value::Null,
                Value::Bool(true)
            ]
        );
    }
}
