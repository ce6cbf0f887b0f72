//! A column, with a path into its JSON.

use std::borrow::Cow;

use busbar_kernel::Result;
use busbar_schema::policy::JsonKey;

use super::cursor::Cursor;

/// The most arrows of one path.
const LONGEST_PATH: usize = 64;

/// `data->a->>0`: a column and a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Field<'t> {
    pub(crate) column: Cow<'t, str>,
    pub(crate) path: Vec<JsonStep>,
}

/// One arrow of a path.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct JsonStep {
    pub(crate) key: JsonKey,
    /// `->>`: the answer is a text.
    pub(crate) text: bool,
}

impl Field<'_> {
    pub(crate) fn into_owned(self) -> Field<'static> {
        Field {
            column: Cow::Owned(self.column.into_owned()),
            path: self.path,
        }
    }

    /// The name a selected path has when it is given none: its last key that is a name, else the column.
    pub(crate) fn default_alias(&self) -> &str {
        let names = self.path.iter().rev().find_map(|step| match &step.key {
            JsonKey::Name(name) => Some(name.as_str()),
            JsonKey::Index(_) => None,
        });
        names.unwrap_or(&self.column)
    }
}

/// A field where the cursor stands.
pub(super) fn field<'t>(cursor: &mut Cursor<'t>) -> Result<Field<'t>> {
    let column = cursor.name()?;
    Ok(Field {
        column,
        path: path(cursor)?,
    })
}

fn path(cursor: &mut Cursor<'_>) -> Result<Vec<JsonStep>> {
    let mut steps = Vec::new();
    while cursor.eat("->") {
        let text = cursor.eat(">");
        steps.push(JsonStep {
            key: key(cursor)?,
            text,
        });
        cursor.bounded(steps.len(), LONGEST_PATH)?;
    }
    Ok(steps)
}

fn key(cursor: &mut Cursor<'_>) -> Result<JsonKey> {
    if cursor.eat("\"") {
        let quoted = cursor.quoted().map(Cow::into_owned);
        return quoted.map(JsonKey::Name).ok_or_else(|| cursor.failure("'\"'"));
    }
    let rest = cursor.rest();
    let end = rest
        .char_indices()
        .find(|(index, c)| matches!(c, ':' | '.' | ',' | '(' | ')') || rest[*index..].starts_with("->"))
        .map_or(rest.len(), |(index, _)| index);
    let raw = rest[..end].trim();
    if raw.is_empty() {
        return Err(cursor.failure("any non reserved character different from: .,>()"));
    }
    cursor.advance(end);
    let digits = raw.strip_prefix('-').unwrap_or(raw);
    let is_index = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    Ok(match raw.parse::<i32>() {
        Ok(index) if is_index => JsonKey::Index(index.into()),
        _ => JsonKey::Name(raw.to_owned()),
    })
}
