//! A request's body to rows.

use std::borrow::Cow;

use busbar_kernel::{Error, Result};
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::csv;
use super::json::Token;
use crate::grammar::pairs;
use crate::refusal::pgrst;

/// What a body is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Body {
    Json,
    Csv,
    Form,
}

impl Body {
    /// By the `Content-Type`; none means JSON.
    ///
    /// # Errors
    /// `PGRST102` for a type that is no table of rows.
    pub(crate) fn of(content_type: Option<&str>) -> Result<Self> {
        let Some(given) = content_type.filter(|given| !given.trim().is_empty()) else {
            return Ok(Self::Json);
        };
        let media_type = given.split(';').next().unwrap_or_default().trim();
        match media_type.to_ascii_lowercase().as_str() {
            "application/json" | "application/vnd.pgrst.object+json" | "application/vnd.pgrst.array+json" => {
                Ok(Self::Json)
            }
            "text/csv" => Ok(Self::Csv),
            "application/x-www-form-urlencoded" => Ok(Self::Form),
            _ => Err(pgrst(
                "PGRST102",
                format!("Content-Type not acceptable: {media_type}"),
            )),
        }
    }
}

/// One row's names and values; the vector is reused for the next row.
pub(crate) type Rows<'b> = Vec<(Cow<'b, str>, Token<'b>)>;

/// Who takes the rows.
pub(crate) type Sink<'s, 'b> = dyn FnMut(&mut Rows<'b>) -> Result<()> + 's;

/// Calls `sink` with each row of `text`; the answer says whether the body was a single object.
///
/// # Errors
/// `PGRST102` for what does not parse, and whatever `sink` refuses.
pub(crate) fn read_body<'b>(body: Body, text: &'b str, sink: &mut Sink<'_, 'b>) -> Result<()> {
    match body {
        Body::Csv => csv::each(text, sink),
        Body::Form => {
            let mut row = Vec::new();
            for pair in pairs(text) {
                let (name, value) = pair?;
                row.push((name, Token::Text(value)));
            }
            sink(&mut row)
        }
        Body::Json => json(text, sink),
    }
}

fn json<'b>(text: &'b str, sink: &mut Sink<'_, 'b>) -> Result<()> {
    let mut problem = None;
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let seed = Document {
        sink,
        problem: &mut problem,
        row: Vec::new(),
    };
    let parsed = seed
        .deserialize(&mut deserializer)
        .and_then(|()| deserializer.end());
    match (problem, parsed) {
        (Some(problem), _) => Err(problem),
        (None, Err(error)) => Err(pgrst("PGRST102", "Empty or invalid json").details(error.to_string())),
        (None, Ok(())) => Ok(()),
    }
}

struct Document<'s, 'k, 'b> {
    sink: &'s mut Sink<'k, 'b>,
    problem: &'s mut Option<Error>,
    row: Rows<'b>,
}

impl<'b> Document<'_, '_, 'b> {
    /// Reads an object and hands it on; a refusal is kept aside, since the parser's error cannot carry it.
    fn object<A: MapAccess<'b>>(&mut self, mut map: A) -> Result<(), A::Error> {
        self.row.clear();
        while let Some(name) = map.next_key_seed(Name)? {
            let raw: &'b RawValue = map.next_value()?;
            self.row.push((name, Token::Json(raw.get())));
        }
        (self.sink)(&mut self.row).map_err(|refusal| self.refuse(refusal))
    }

    fn refuse<E: serde::de::Error>(&mut self, refusal: Error) -> E {
        *self.problem = Some(refusal);
        E::custom("refused")
    }
}

impl<'b> DeserializeSeed<'b> for Document<'_, '_, 'b> {
    type Value = ();
    fn deserialize<D: Deserializer<'b>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

/// A scalar as the whole body counts as no rows.
macro_rules! scalars {
    ($answer:expr; $($visit:ident($kind:ty)),*) => {$(
        fn $visit<E: serde::de::Error>(self, _: $kind) -> Result<(), E> {
            $answer(self)
        }
    )*};
}

impl<'b> Visitor<'b> for Document<'_, '_, 'b> {
    type Value = ();

    fn expecting(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("an object or an array of objects")
    }
    fn visit_map<A: MapAccess<'b>>(mut self, map: A) -> Result<(), A::Error> {
        self.object(map)
    }
    fn visit_seq<A: SeqAccess<'b>>(mut self, mut array: A) -> Result<(), A::Error> {
        while array.next_element_seed(Element(&mut self))?.is_some() {}
        Ok(())
    }
    fn visit_unit<E: serde::de::Error>(self) -> Result<(), E> {
        Ok(())
    }
    scalars!(|_: Self| Ok(()); visit_bool(bool), visit_i64(i64), visit_u64(u64), visit_f64(f64), visit_str(&str));
}

/// One element of the array: an object, or a refusal.
struct Element<'d, 's, 'k, 'b>(&'d mut Document<'s, 'k, 'b>);

fn not_an_object<E: serde::de::Error>(element: Element<'_, '_, '_, '_>) -> Result<(), E> {
    Err(element.0.refuse(pgrst("PGRST102", "All object keys must match")))
}

impl<'b> DeserializeSeed<'b> for Element<'_, '_, '_, 'b> {
    type Value = ();
    fn deserialize<D: Deserializer<'b>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'b> Visitor<'b> for Element<'_, '_, '_, 'b> {
    type Value = ();

    fn expecting(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("an object")
    }
    fn visit_map<A: MapAccess<'b>>(self, map: A) -> Result<(), A::Error> {
        self.0.object(map)
    }
    fn visit_seq<A: SeqAccess<'b>>(self, mut array: A) -> Result<(), A::Error> {
        // One element is looked at, so that an array cut short is still a syntax error first.
        array.next_element::<IgnoredAny>()?;
        not_an_object(self)
    }
    fn visit_unit<E: serde::de::Error>(self) -> Result<(), E> {
        not_an_object(self)
    }
    scalars!(not_an_object; visit_bool(bool), visit_i64(i64), visit_u64(u64), visit_f64(f64), visit_str(&str));
}

/// A key, borrowed unless it has escapes.
struct Name;

impl<'b> DeserializeSeed<'b> for Name {
    type Value = Cow<'b, str>;
    fn deserialize<D: Deserializer<'b>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'b> Visitor<'b> for Name {
    type Value = Cow<'b, str>;
    fn expecting(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("a name")
    }
    fn visit_borrowed_str<E>(self, name: &'b str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(name))
    }
    fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(name.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(body: Body, text: &str) -> Result<Vec<String>> {
        let mut rows = Vec::new();
        read_body(body, text, &mut |row| {
            let cells = row.iter().map(|(name, token)| {
                let mut value = String::new();
                token.write(&mut value);
                format!("{name}={value}")
            });
            rows.push(cells.collect::<Vec<_>>().join(" "));
            Ok(())
        })?;
        Ok(rows)
    }

    #[test]
    fn every_sort_of_body_gives_rows() {
        assert_eq!(
            rows(Body::Json, r#"{"a":1,"b\n":[1, 2]}"#).unwrap(),
            ["a=1 b\n=[1, 2]"]
        );
        assert_eq!(rows(Body::Json, r#"[{"a":null},{}]"#).unwrap(), ["a=null", ""]);
        assert!(rows(Body::Json, "17").unwrap().is_empty());
        assert!(rows(Body::Json, "[]").unwrap().is_empty());
        let csv = "a,\"b \"\"c\"\"\"\r\n1,NULL\n\"x\ny,\",\n";
        assert_eq!(
            rows(Body::Csv, csv).unwrap(),
            ["a=\"1\" b \"c\"=null", "a=\"x\\ny,\" b \"c\"=\"\""]
        );
        assert_eq!(rows(Body::Form, "a=1+2&b=%26").unwrap(), ["a=\"1 2\" b=\"&\""]);
    }

    #[test]
    fn what_is_no_table_of_rows_is_refused() {
        for bad in [
            "",
            "{",
            "[1]",
            "[[]]",
            "[{}",
            "[{\"a\":1}, null]",
            "{\"a\":01}",
            "[{}] x",
        ] {
            let error = rows(Body::Json, bad).unwrap_err();
            assert_eq!(error.wire_code_str(), Some("PGRST102"), "{bad:?}");
        }
        assert!(rows(Body::Json, &"[".repeat(10_000)).is_err());
        assert!(rows(Body::Csv, "a,b\n1").is_err());
        assert!(rows(Body::Csv, "a\n\"1").is_err());
        assert!(Body::of(Some("application/xml")).is_err());
    }
}
