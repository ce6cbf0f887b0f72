//! Pieces of a JSON body to stored values, without a tree.

use std::borrow::Cow;

use busbar_kernel::Result;
use busbar_schema::ColumnType;
use busbar_schema::literal::check_depth;
use busbar_store::Value;
use chrono_tz::Tz;

use super::stored;
use crate::functions::quote;
use crate::refusal::sqlstate;

/// One value of a body.
#[derive(Clone, Debug)]
pub(crate) enum Token<'b> {
    /// A JSON value as it was written.
    Json(&'b str),
    /// A text that came as such: a CSV field, a form's value.
    Text(Cow<'b, str>),
    /// CSV's `NULL`.
    Null,
}

impl Token<'_> {
    /// The value SQLite stores in a column of `kind`; moments without an offset are of `zone`.
    pub(crate) fn value(&self, kind: ColumnType, zone: Option<Tz>) -> Result<Value> {
        match self {
            Self::Null | Self::Json("null") => Ok(Value::Null),
            Self::Text(text) if text.contains('\0') => Err(nul()),
            Self::Text(text) => stored(kind, text, zone),
            Self::Json(raw) if kind.is_json() => {
                check_depth(raw)?;
                if kind == ColumnType::Jsonb && raw.contains("\\u0000") {
                    return Err(nul());
                }
                Ok(Value::Text((*raw).to_owned()))
            }
            Self::Json("true") if kind == ColumnType::Boolean => Ok(Value::Bool(true)),
            Self::Json("false") if kind == ColumnType::Boolean => Ok(Value::Bool(false)),
            Self::Json(raw) => {
                let text = literal(raw)?;
                if kind.is_whole_number() && text.len() < 9 && !raw.starts_with('"') {
                    // Nine digits fit every type but smallint, which takes the careful way.
                    if let (Ok(number), true) = (text.parse(), kind != ColumnType::SmallInt) {
                        return Ok(Value::Int(number));
                    }
                }
                match (kind, text) {
                    (ColumnType::Text | ColumnType::Other, text) => Ok(Value::Text(text.into_owned())),
                    (kind, text) => stored(kind, &text, zone),
                }
            }
        }
    }

    /// Whether it is the empty text.
    pub(crate) fn is_empty_text(&self) -> bool {
        match self {
            Self::Json(raw) => *raw == "\"\"",
            Self::Text(text) => text.is_empty(),
            Self::Null => false,
        }
    }

    /// Writes it as JSON.
    pub(crate) fn write(&self, out: &mut String) {
        match self {
            Self::Null => out.push_str("null"),
            Self::Json(raw) => out.push_str(raw),
            Self::Text(text) => quote(text, out),
        }
    }
}

/// The text PostgreSQL reads from a JSON value for a column that is no JSON: strings without quotes, the rest as is.
fn literal(raw: &str) -> Result<Cow<'_, str>> {
    let Some(inner) = raw.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) else {
        check_depth(raw)?;
        return Ok(Cow::Borrowed(raw));
    };
    if !inner.contains('\\') {
        return Ok(Cow::Borrowed(inner));
    }
    let text: String = serde_json::from_str(raw).map_err(|error| {
        sqlstate("22P02", "invalid input syntax for type json").details(error.to_string())
    })?;
    if text.contains('\0') {
        return Err(nul());
    }
    Ok(Cow::Owned(text))
}

fn nul() -> busbar_kernel::Error {
    sqlstate("22P05", "unsupported Unicode escape sequence").details("\\u0000 cannot be converted to text.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_read_as_postgresql_reads_them() {
        let value = |kind, raw| Token::Json(raw).value(kind, None).unwrap();
        assert_eq!(value(ColumnType::Text, "1.50"), Value::Text("1.50".into()));
        assert_eq!(
            value(ColumnType::Text, "{\"a\": 1}"),
            Value::Text("{\"a\": 1}".into())
        );
        assert_eq!(value(ColumnType::Text, "\"a\\u00e9\""), Value::Text("aé".into()));
        assert_eq!(value(ColumnType::Integer, "\"12\""), Value::Int(12));
        assert_eq!(value(ColumnType::Jsonb, "\"x\""), Value::Text("\"x\"".into()));
        assert_eq!(value(ColumnType::Boolean, "\"yes\""), Value::Bool(true));
        assert_eq!(value(ColumnType::Uuid, "null"), Value::Null);
        for (kind, raw, state) in [
            (ColumnType::Integer, "1.5", "22P02"),
            (ColumnType::SmallInt, "40000", "22003"),
            (ColumnType::Integer, "{}", "22P02"),
            (ColumnType::Text, "\"\\u0000\"", "22P05"),
            (ColumnType::Text, "\"\\ud800\"", "22P02"),
        ] {
            let error = Token::Json(raw).value(kind, None).unwrap_err();
            assert_eq!(error.wire_code_str(), Some(state), "{raw}");
        }
    }
}
