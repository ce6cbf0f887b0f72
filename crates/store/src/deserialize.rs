//! Rows and values to Rust types through serde, forgiving where the two databases store one thing differently.

use std::fmt;

use serde::de::value::{MapDeserializer, SeqDeserializer, StrDeserializer};
use serde::de::{self, Deserializer, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;

use crate::json::JSON_TOKEN;
use crate::value::timestamp_text;
use crate::{Row, Value};

/// Why a row or value does not fit.
#[derive(Debug)]
pub(crate) struct Misfit(String);

impl fmt::Display for Misfit {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}
impl std::error::Error for Misfit {}
impl de::Error for Misfit {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

/// A row as serde sees it.
pub(crate) struct RowReader<'de>(pub(crate) &'de Row);

impl<'de> RowReader<'de> {
    fn only(&self) -> Result<ValueReader<'de>, Misfit> {
        match self.0.values() {
            [value] => Ok(ValueReader(value)),
            values => Err(de::Error::custom(format_args!(
                "one column was expected, the row has {}",
                values.len()
            ))),
        }
    }
    fn named<V: Visitor<'de>>(&self, visitor: V) -> Result<V::Value, Misfit> {
        let columns = self.0.columns().iter().map(String::as_str);
        let pairs = columns.zip(self.0.values().iter().map(ValueReader));
        visitor.visit_map(MapDeserializer::new(pairs))
    }
    fn positional<V: Visitor<'de>>(&self, visitor: V) -> Result<V::Value, Misfit> {
        visitor.visit_seq(SeqDeserializer::new(self.0.values().iter().map(ValueReader)))
    }
}

macro_rules! single_column {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
            self.only()?.$method(visitor)
        }
    )*};
}

impl<'de> Deserializer<'de> for RowReader<'de> {
    type Error = Misfit;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        self.named(visitor)
    }
    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        self.named(visitor)
    }
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        self.named(visitor)
    }
    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        self.positional(visitor)
    }
    fn deserialize_tuple<V: Visitor<'de>>(self, _length: usize, visitor: V) -> Result<V::Value, Misfit> {
        self.positional(visitor)
    }
    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _length: usize,
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        self.positional(visitor)
    }
    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        if name == JSON_TOKEN {
            self.only()?.deserialize_newtype_struct(name, visitor)
        } else {
            visitor.visit_newtype_struct(self)
        }
    }
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        self.only()?.deserialize_enum(name, variants, visitor)
    }
    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        visitor.visit_unit()
    }
    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        visitor.visit_unit()
    }
    single_column! {
        deserialize_bool deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128
        deserialize_f32 deserialize_f64 deserialize_char deserialize_str deserialize_string
        deserialize_bytes deserialize_byte_buf deserialize_option
    }
    forward_to_deserialize_any! { identifier ignored_any }
}

/// One value as serde sees it.
#[derive(Clone, Copy)]
pub(crate) struct ValueReader<'de>(&'de Value);

impl<'de> ValueReader<'de> {
    /// The document when the value is one: JSON columns are text in SQLite.
    fn document(self) -> Option<&'de str> {
        match self.0 {
            Value::Json(text) | Value::Text(text) => Some(text),
            _ => None,
        }
    }
    /// A number that arrived as text, as PostgreSQL's `numeric` does.
    fn number(self) -> Option<f64> {
        match self.0 {
            Value::Text(text) => text.parse().ok(),
            _ => None,
        }
    }
}

fn parsed<'de, T>(
    text: &'de str,
    read: impl FnOnce(&mut serde_json::Deserializer<serde_json::de::StrRead<'de>>) -> serde_json::Result<T>,
) -> Result<T, Misfit> {
    let mut document = serde_json::Deserializer::from_str(text);
    let value = read(&mut document).map_err(de::Error::custom)?;
    document.end().map_err(de::Error::custom)?;
    Ok(value)
}

macro_rules! whole_numbers {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
            match self.0 {
                Value::Text(text) => match text.parse::<i64>() {
                    Ok(number) => visitor.visit_i64(number),
                    Err(_) => self.deserialize_any(visitor),
                },
                _ => self.deserialize_any(visitor),
            }
        }
    )*};
}

impl<'de> Deserializer<'de> for ValueReader<'de> {
    type Error = Misfit;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(*value),
            Value::Int(value) => visitor.visit_i64(*value),
            Value::Float(value) => visitor.visit_f64(*value),
            Value::Text(text) => visitor.visit_borrowed_str(text),
            Value::Bytes(bytes) => visitor.visit_borrowed_bytes(bytes),
            Value::Uuid(uuid) => visitor.visit_str(uuid.hyphenated().encode_lower(&mut [0; 36])),
            Value::Timestamp(moment) => visitor.visit_string(timestamp_text(*moment)),
            Value::Json(text) => parsed(text, |document| document.deserialize_any(visitor)),
        }
    }
    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        match self.0 {
            Value::Int(0) => visitor.visit_bool(false),
            Value::Int(1) => visitor.visit_bool(true),
            _ => self.deserialize_any(visitor),
        }
    }
    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        match self.number() {
            Some(number) => visitor.visit_f64(number),
            None => self.deserialize_any(visitor),
        }
    }
    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        self.deserialize_f64(visitor)
    }
    /// A document asked for as text is its text, not what it holds.
    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        match self.document() {
            Some(text) => visitor.visit_borrowed_str(text),
            None => self.deserialize_any(visitor),
        }
    }
    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        self.deserialize_string(visitor)
    }
    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        match self.0 {
            Value::Uuid(uuid) => visitor.visit_bytes(uuid.as_bytes()),
            _ => self.deserialize_any(visitor),
        }
    }
    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        self.deserialize_bytes(visitor)
    }
    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        match self.0 {
            Value::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }
    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        match (self.0, self.document()) {
            (Value::Bytes(bytes), _) => visitor.visit_seq(SeqDeserializer::new(bytes.iter().copied())),
            (_, Some(text)) => parsed(text, |document| document.deserialize_seq(visitor)),
            _ => self.deserialize_any(visitor),
        }
    }
    fn deserialize_tuple<V: Visitor<'de>>(self, _length: usize, visitor: V) -> Result<V::Value, Misfit> {
        self.deserialize_seq(visitor)
    }
    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _length: usize,
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        self.deserialize_seq(visitor)
    }
    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        match self.document() {
            Some(text) => parsed(text, |document| document.deserialize_map(visitor)),
            None => self.deserialize_any(visitor),
        }
    }
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        match self.document() {
            Some(text) => parsed(text, |document| {
                document.deserialize_struct(name, fields, visitor)
            }),
            None => self.deserialize_any(visitor),
        }
    }
    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        match self.document() {
            Some(text) if name == JSON_TOKEN => {
                parsed(text, |document| visitor.visit_newtype_struct(document))
            }
            _ => visitor.visit_newtype_struct(self),
        }
    }
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        match self.0 {
            Value::Text(text) => {
                let word: StrDeserializer<'_, Misfit> = text.as_str().into_deserializer();
                visitor.visit_enum(word)
            }
            Value::Json(text) => parsed(text, |document| {
                document.deserialize_enum(name, variants, visitor)
            }),
            _ => self.deserialize_any(visitor),
        }
    }
    whole_numbers! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128
    }
    forward_to_deserialize_any! { char unit unit_struct identifier ignored_any }
}

impl<'de> IntoDeserializer<'de, Misfit> for ValueReader<'de> {
    type Deserializer = Self;
    fn into_deserializer(self) -> Self {
        self
    }
}

#[cfg(test)]
mod tests {
    use busbar_kernel::Timestamp;
    use serde::Deserialize;
    use std::collections::BTreeMap;

    use super::*;
    use crate::Json;

    fn row(pairs: &[(&str, Value)]) -> Row {
        let columns: Vec<String> = pairs.iter().map(|(name, _)| (*name).to_owned()).collect();
        Row::new(
            columns.into(),
            pairs.iter().map(|(_, value)| value.clone()).collect(),
        )
    }

    #[derive(Deserialize, Debug, PartialEq)]
    #[serde(rename_all = "snake_case")]
    enum State {
        Open,
        ShutDown,
    }

    #[derive(Deserialize, Debug, PartialEq)]
    struct Everything {
        id: uuid::Uuid,
        active: bool,
        count: u32,
        ratio: f64,
        at: Timestamp,
        state: State,
        tags: Vec<String>,
        extra: Json<BTreeMap<String, i32>>,
        missing: Option<String>,
        raw: Vec<u8>,
    }

    #[test]
    fn both_databases_forms_of_one_row_are_equal() {
        let id = uuid::Uuid::from_u128(7);
        let at = Timestamp::from_timestamp(1_767_225_600, 0).unwrap();
        let text = |text: &str| Value::Text(text.to_owned());
        let embedded = row(&[
            ("id", Value::Text(id.to_string())),
            ("active", Value::Int(1)),
            ("count", Value::Int(3)),
            ("ratio", Value::Float(1.5)),
            ("at", Value::Text(timestamp_text(at))),
            ("state", text("shut_down")),
            ("tags", text(r#"["a"]"#)),
            ("extra", text(r#"{"x":1}"#)),
            ("missing", Value::Null),
            ("raw", Value::Bytes(vec![1, 2])),
        ]);
        let server = row(&[
            ("id", Value::Uuid(id)),
            ("active", Value::Bool(true)),
            ("count", Value::Int(3)),
            ("ratio", text("1.5")),
            ("at", Value::Timestamp(at)),
            ("state", text("shut_down")),
            ("tags", Value::Json(r#"["a"]"#.into())),
            ("extra", Value::Json(r#"{"x":1}"#.into())),
            ("missing", Value::Null),
            ("raw", Value::Bytes(vec![1, 2])),
        ]);
        let read: Everything = embedded.read().unwrap();
        assert_eq!(read, server.read().unwrap());
        assert_eq!((read.id, read.at, read.state), (id, at, State::ShutDown));
    }

    #[test]
    fn single_columns_and_tuples_need_no_struct() {
        assert_eq!(row(&[("count", Value::Int(4))]).read::<i64>().unwrap(), 4);
        assert_eq!(
            row(&[("name", Value::Null)]).read::<Option<String>>().unwrap(),
            None
        );
        let pair = row(&[("a", Value::Int(1)), ("b", Value::Text("x".into()))]);
        assert_eq!(pair.read::<(i64, String)>().unwrap(), (1, "x".to_owned()));
        assert!(pair.read::<i64>().is_err());
    }

    #[test]
    fn a_misfit_names_the_type_and_the_columns() {
        let error = row(&[("active", Value::Int(2))]).read::<bool>().unwrap_err();
        let line = error.operator_line();
        assert!(line.contains("bool") && line.contains("active"), "{line}");
    }
}
