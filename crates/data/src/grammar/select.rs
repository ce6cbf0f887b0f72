//! `select=a,x:b,c::text,d->>e`.

use busbar_kernel::Result;

use super::cursor::Cursor;
use super::field::{self, Field};
use crate::refusal;

/// The most things one request selects.
const MOST_ITEMS: usize = 1000;

/// One thing selected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Item {
    /// Every column.
    Star,
    /// A column or a path into one.
    Column {
        alias: Option<String>,
        field: Field<'static>,
        cast: Option<String>,
    },
}

const AGGREGATES: [&str; 5] = ["count", "sum", "avg", "min", "max"];

/// The items; an empty text is every column.
pub(crate) fn select(text: &str) -> Result<Vec<Item>> {
    if text.trim().is_empty() {
        return Ok(vec![Item::Star]);
    }
    let mut cursor = Cursor::new("select parameter", text);
    let mut items = Vec::new();
    loop {
        cursor.skip_blanks();
        items.push(item(&mut cursor)?);
        cursor.bounded(items.len(), MOST_ITEMS)?;
        cursor.skip_blanks();
        if cursor.done() {
            return Ok(items);
        }
        if !cursor.eat(",") {
            return Err(cursor.failure("\"...\", field name (* or [a..z0..9_$]), \"*\" or \"count()\""));
        }
    }
}

fn item(cursor: &mut Cursor<'_>) -> Result<Item> {
    if cursor.eat("...") {
        return Err(refusal::unsupported("embedding (spread)"));
    }
    if cursor.eat("*") {
        return Ok(Item::Star);
    }
    let start = cursor.at();
    let mut alias = None;
    let name = cursor.name()?;
    if cursor.rest().starts_with(':') && !cursor.rest().starts_with("::") {
        cursor.advance(1);
        alias = Some(name.into_owned());
    } else {
        cursor.back_to(start);
    }
    let field = field::field(cursor)?.into_owned();
    if cursor.rest().starts_with("()") && field.column == "count" {
        return Err(aggregates_off());
    }
    if cursor.rest().starts_with('(') || is_hinted_embed(cursor.rest()) {
        return Err(refusal::unsupported(&format!("embedding ({})", field.column)));
    }
    let cast = cast(cursor)?;
    if cursor.eat(".") {
        let aggregate = cursor.take_while(|c| c.is_ascii_alphabetic());
        return Err(
            if AGGREGATES.contains(&aggregate) && cursor.rest().starts_with("()") {
                aggregates_off()
            } else {
                cursor.failure("aggregate function")
            },
        );
    }
    Ok(Item::Column { alias, field, cast })
}

/// `!hint(` or `!inner!hint(`.
fn is_hinted_embed(rest: &str) -> bool {
    rest.strip_prefix('!')
        .and_then(|hint| hint.find(['(', ',']).map(|end| hint.as_bytes()[end] == b'('))
        .unwrap_or(false)
}

fn cast(cursor: &mut Cursor<'_>) -> Result<Option<String>> {
    if !cursor.eat("::") {
        return Ok(None);
    }
    let name = cursor.take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | ' '));
    if name.trim().is_empty() {
        return Err(cursor.failure("letter, digit or \"_\""));
    }
    Ok(Some(name.trim().to_owned()))
}

fn aggregates_off() -> busbar_kernel::Error {
    refusal::pgrst("PGRST123", "Use of aggregate functions is not allowed")
}
