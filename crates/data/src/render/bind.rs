//! A request's literals, body and caller to the parameters of a rendered statement.

use std::borrow::Cow;

use busbar_kernel::{Clock, Error, Result, random};
use busbar_store::{Dialect, Params, Value, timestamp_text};
use chrono_tz::Tz;
use serde_json::Value as Json;

use super::builder::{Form, Slot, Statement};
use crate::caller::Caller;
use crate::grammar::{Below, Part, Test, Tree, Window};
use crate::values::{array_literal, parse_array, stored};
use busbar_schema::catalogue::ColumnType;
use busbar_schema::policy::claimed;

/// A literal of the query string.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Given<'q> {
    One(&'q str),
    Many(&'q [Cow<'q, str>]),
}

/// The literals of `trees`, in the order in which the renderer asks for them.
pub(crate) fn literals<'q>(trees: &'q [Tree<'q>], found: &mut Vec<Given<'q>>) {
    for tree in trees {
        match tree {
            Tree::Node { members, .. } => literals(members, found),
            Tree::Leaf(filter) => match &filter.test {
                Test::Compare { value, .. } | Test::Distinct(value) | Test::FullText { value, .. } => {
                    found.push(Given::One(value));
                }
                Test::In(elements) => found.push(Given::Many(elements)),
                Test::Is(_) => {}
            },
        }
    }
}

/// What fills the slots of a statement.
pub(crate) struct Inputs<'i> {
    pub(crate) clock: &'i dyn Clock,
    pub(crate) dialect: Dialect,
    pub(crate) literals: &'i [Given<'i>],
    pub(crate) window: Window,
    pub(crate) below: &'i [Below<'i>],
    /// No list shows more rows.
    pub(crate) most: Option<u64>,
    pub(crate) caller: &'i Caller,
    /// On SQLite: the zone of moments that name no offset.
    pub(crate) zone: Option<Tz>,
}

impl Inputs<'_> {
    /// The parameters of `statement`. `cells` are taken, each once; `document` is the body as one.
    ///
    /// # Errors
    /// 22P02 and its kin for a literal that is none of its column's type.
    pub(crate) fn params(
        &self,
        statement: &Statement,
        cells: &mut [Value],
        document: Option<&mut String>,
    ) -> Result<Params> {
        let mut params = Params::with_capacity(statement.slots.len());
        let mut document = document.map(std::mem::take);
        let mut uuids = Uuids::new(statement);
        for slot in &statement.slots {
            params.push(match slot {
                Slot::Literal { index, kind, form } => self.literal(*index, *kind, *form)?,
                Slot::Claim(claim) => claimed(claim, &self.caller.claims)?,
                Slot::Limit => whole(self.window.limit.unwrap_or(u64::MAX)),
                Slot::Offset => whole(self.window.offset),
                Slot::Below(index) => whole(self.below(*index)),
                Slot::Most => whole(self.most.unwrap_or(u64::MAX)),
                Slot::Cell(index) => match cells.get_mut(*index) {
                    Some(cell) => std::mem::replace(cell, Value::Null),
                    None => return Err(Error::internal("a statement has more cells than values")),
                },
                Slot::Now => Value::Text(timestamp_text(self.clock.now())),
                Slot::Uuid => Value::Text(uuids.next().to_string()),
                Slot::Document => Value::Json(document.take().unwrap_or_default()),
            });
        }
        Ok(params)
    }

    fn below(&self, index: usize) -> u64 {
        let number = |number: i64| u64::try_from(number).unwrap_or(0);
        match self.below.get(index).map(|below| &below.part) {
            Some(Part::Limit(limit)) => number(*limit).min(self.most.unwrap_or(u64::MAX)),
            Some(Part::Offset(offset)) => number(*offset),
            _ => 0,
        }
    }

    fn literal(&self, index: usize, kind: ColumnType, form: Form) -> Result<Value> {
        let given = self.literals.get(index);
        let one = || match given {
            Some(Given::One(text)) => Ok(*text),
            _ => Err(Error::internal(
                "a statement asks for a literal that is not there",
            )),
        };
        let many = || match given {
            Some(Given::Many(elements)) => Ok(*elements),
            _ => Err(Error::internal("a statement asks for a list that is not there")),
        };
        let stars = |text: &str| text.replace('*', "%");
        if self.dialect == Dialect::Postgres {
            return Ok(Value::Text(match form {
                Form::Value | Form::Array => one()?.to_owned(),
                Form::Pattern | Form::Patterns => stars(one()?),
                Form::List => array_literal(many()?),
            }));
        }
        match form {
            Form::Value => stored(kind, one()?, self.zone),
            Form::Pattern => Ok(Value::Text(stars(one()?))),
            Form::List => list(
                kind,
                self.zone,
                many()?.iter().map(|element| Some(element.as_ref())),
            ),
            Form::Array => list(kind, self.zone, parse_array(one()?)?.iter().map(Option::as_deref)),
            Form::Patterns => list(
                ColumnType::Text,
                None,
                parse_array(&stars(one()?))?.iter().map(Option::as_deref),
            ),
        }
    }
}

/// The random UUIDs of one statement, whose randomness is asked for at once.
struct Uuids {
    portion: Vec<u8>,
}

impl Uuids {
    fn new(statement: &Statement) -> Self {
        let wanted = statement
            .slots
            .iter()
            .filter(|slot| matches!(slot, Slot::Uuid))
            .count();
        let mut portion = vec![0; 16 * wanted];
        if wanted > 0 {
            random::fill(&mut portion);
        }
        Self { portion }
    }

    fn next(&mut self) -> uuid::Uuid {
        let start = self.portion.len().saturating_sub(16);
        let bytes = self.portion.split_off(start).try_into();
        let bytes = bytes.unwrap_or_else(|_| random::bytes::<16>());
        uuid::Builder::from_random_bytes(bytes).into_uuid()
    }
}

/// A JSON array of stored values, for `json_each`.
fn list<'e>(
    kind: ColumnType,
    zone: Option<Tz>,
    elements: impl Iterator<Item = Option<&'e str>>,
) -> Result<Value> {
    let mut values = Vec::new();
    for element in elements {
        values.push(match element.map(|text| stored(kind, text, zone)).transpose()? {
            None => Json::Null,
            Some(value) => as_json(&value),
        });
    }
    Ok(Value::Text(Json::Array(values).to_string()))
}

/// A stored value as JSON, in the form in which SQLite's `json_each` gives it back.
pub(crate) fn as_json(value: &Value) -> Json {
    match value {
        Value::Bool(value) => Json::from(i64::from(*value)),
        Value::Int(number) => Json::from(*number),
        Value::Float(number) => Json::from(*number),
        Value::Text(text) | Value::Json(text) => Json::from(text.as_str()),
        _ => Json::Null,
    }
}

fn whole(number: u64) -> Value {
    Value::Int(i64::try_from(number).unwrap_or(i64::MAX))
}
