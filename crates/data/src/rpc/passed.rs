//! What a call passes to its function: one parameter, read by PostgreSQL as the function's own types.

use std::borrow::Cow;

use busbar_kernel::{Error, Result};
use busbar_schema::catalogue::{ColumnType, Returns, Routine};
use busbar_schema::literal::{canonical, check_depth};
use busbar_schema::quote::quoted;
use busbar_store::Value;
use bytes::Bytes;

use super::arguments::{Arguments, Given};
use crate::functions::quote;
use crate::refusal::pgrst;

/// What is passed, as one parameter of the statement.
pub(super) struct Passed {
    pub(super) value: Option<Value>,
    /// The parameters that are given, by their place in the function.
    places: Vec<usize>,
    whole: bool,
}

impl Passed {
    pub(super) fn whole(routine: &Routine, body: &Bytes) -> Result<Self> {
        let declared = routine
            .parameters
            .first()
            .map_or("", |only| only.declared.as_str());
        let text = || {
            std::str::from_utf8(body).map(str::to_owned).map_err(|_| {
                pgrst("PGRST102", "Empty or invalid json").details("The body is not valid UTF-8")
            })
        };
        let value = match declared {
            "bytea" => Value::Bytes(body.to_vec()),
            "json" | "jsonb" => {
                let text = text()?;
                canonical(ColumnType::Json, &text)?;
                Value::Json(text)
            }
            _ => Value::Text(text()?),
        };
        Ok(Self {
            value: Some(value),
            places: vec![0],
            whole: true,
        })
    }

    /// The arguments as one JSON object, which PostgreSQL reads by the parameters' types.
    pub(super) fn named(routine: &Routine, given: &Arguments<'_>) -> Result<Self> {
        let Arguments::Named(named) = given else {
            return Err(Error::internal(
                "a function with names was chosen for a call without",
            ));
        };
        let mut document = String::from("{");
        let mut places = Vec::new();
        for (name, value) in named {
            let found = routine
                .parameters
                .iter()
                .position(|parameter| parameter.name == *name);
            let Some(place) = found else { continue };
            let parameter = &routine.parameters[place];
            document.push_str(if places.is_empty() { "" } else { "," });
            places.push(place);
            quote(name, &mut document);
            document.push(':');
            match value {
                Given::Json(raw) => {
                    check_depth(raw)?;
                    document.push_str(raw);
                }
                Given::Texts(texts) => {
                    push_texts(&mut document, texts, parameter.variadic, &parameter.declared)?
                }
            }
        }
        document.push('}');
        Ok(Self {
            value: (!places.is_empty()).then_some(Value::Json(document)),
            places,
            whole: false,
        })
    }

    /// The common table expressions that read the argument and run the function, ending with its rows as the
    /// function's own name.
    pub(super) fn sql(&self, routine: &Routine, slot: &str) -> String {
        let name = quoted(&routine.name);
        let function = format!("{}.{name}", quoted(&routine.schema));
        let columns = match &routine.returns {
            Returns::Row(_) => String::new(),
            Returns::Scalar(_) | Returns::Void => "(\"_v\")".to_owned(),
        };
        if self.whole {
            let declared = routine
                .parameters
                .first()
                .map_or("text", |only| only.declared.as_str());
            return format!(
                "{name}{columns} AS MATERIALIZED (SELECT \"_f\".* FROM {function}({slot}::{declared}) AS \"_f\")"
            );
        }
        if self.places.is_empty() {
            return format!("{name}{columns} AS MATERIALIZED (SELECT \"_f\".* FROM {function}() AS \"_f\")");
        }
        let parameters: Vec<_> = self
            .places
            .iter()
            .map(|&place| &routine.parameters[place])
            .collect();
        let definitions: Vec<String> = parameters
            .iter()
            .map(|parameter| format!("{} {}", quoted(&parameter.name), parameter.declared))
            .collect();
        let passed: Vec<String> = parameters
            .iter()
            .map(|parameter| {
                let word = if parameter.variadic { "VARIADIC " } else { "" };
                format!("{word}{0} := \"_a\".{0}", quoted(&parameter.name))
            })
            .collect();
        format!(
            "{name}{columns} AS MATERIALIZED (SELECT \"_f\".* FROM json_to_record({slot}::json) AS \"_a\"({}), \
             LATERAL {function}({}) AS \"_f\")",
            definitions.join(", "),
            passed.join(", ")
        )
    }
}

/// Texts become JSON that the parameter's type reads: a document as it is, anything else as a string.
fn push_texts(document: &mut String, texts: &[Cow<'_, str>], variadic: bool, declared: &str) -> Result<()> {
    let kind = ColumnType::of(declared);
    let last = texts.last().map_or("", |text| text.as_ref());
    if variadic && !last.starts_with('{') {
        document.push('[');
        for (index, text) in texts.iter().enumerate() {
            document.push_str(if index > 0 { "," } else { "" });
            quote(text, document);
        }
        document.push(']');
    } else if kind.is_json() {
        canonical(kind, last)?;
        document.push_str(last);
    } else {
        quote(last, document);
    }
    Ok(())
}
