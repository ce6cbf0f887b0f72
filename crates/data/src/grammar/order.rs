//! `order=a.desc.nullslast,b`.

use busbar_kernel::Result;

use super::cursor::Cursor;
use super::field::{self, Field};

/// The most keys of one order.
const MOST_TERMS: usize = 200;

/// One key of an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Term {
    /// The to-one embed whose field it is.
    pub(crate) relation: Option<String>,
    pub(crate) field: Field<'static>,
    pub(crate) descending: bool,
    pub(crate) nulls: Option<Nulls>,
}

/// Where NULLs go when it is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Nulls {
    First,
    Last,
}

/// The keys of an order; an empty text is none.
pub(crate) fn order(text: &str) -> Result<Vec<Term>> {
    let mut terms = Vec::new();
    if text.trim().is_empty() {
        return Ok(terms);
    }
    let mut cursor = Cursor::new("order", text);
    loop {
        cursor.skip_blanks();
        terms.push(term(&mut cursor)?);
        cursor.bounded(terms.len(), MOST_TERMS)?;
        cursor.skip_blanks();
        if cursor.done() {
            return Ok(terms);
        }
        if !cursor.eat(",") {
            return Err(cursor.failure("\",\" or end of input"));
        }
    }
}

fn term(cursor: &mut Cursor<'_>) -> Result<Term> {
    let mut field = field::field(cursor)?.into_owned();
    let mut relation = None;
    if field.path.is_empty() && cursor.eat("(") {
        cursor.skip_blanks();
        let inner = field::field(cursor)?.into_owned();
        relation = Some(std::mem::replace(&mut field, inner).column.into_owned());
        cursor.skip_blanks();
        if !cursor.eat(")") {
            return Err(cursor.failure("\")\""));
        }
    }
    let mut term = Term {
        relation,
        field,
        descending: false,
        nulls: None,
    };
    let mut directed = false;
    while cursor.eat(".") {
        let start = cursor.at();
        match cursor.take_while(|c| c.is_ascii_alphabetic()) {
            "asc" if !directed => directed = true,
            "desc" if !directed => {
                directed = true;
                term.descending = true;
            }
            "nullsfirst" => {
                term.nulls = Some(Nulls::First);
                break;
            }
            "nullslast" => {
                term.nulls = Some(Nulls::Last);
                break;
            }
            _ => {
                cursor.back_to(start);
                return Err(cursor.failure(if directed {
                    "\"nullsfirst\" or \"nullslast\""
                } else {
                    "\"asc\", \"desc\", \"nullsfirst\" or \"nullslast\""
                }));
            }
        }
    }
    Ok(term)
}
