//! `and=(a.eq.1,or(b.gt.2,not.and(…)))`.

use busbar_kernel::Result;

use super::cursor::Cursor;
use super::field;
use super::filter::{self, Ending, Filter};

/// Trees deeper than this are refused: nobody writes them, and rendering recurses.
const DEEPEST: usize = 64;

/// A boolean tree of filters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Tree<'t> {
    Node {
        negated: bool,
        any: bool,
        members: Vec<Tree<'t>>,
    },
    Leaf(Filter<'t>),
}

/// The tree of a parameter `and`, `or`, `not.and` or `not.or`.
pub(super) fn tree(negated: bool, any: bool, text: &str) -> Result<Tree<'_>> {
    let mut cursor = Cursor::new("logic tree", text);
    let members = members(&mut cursor, 0)?;
    cursor.skip_blanks();
    if !cursor.done() {
        return Err(cursor.failure("end of input"));
    }
    Ok(Tree::Node {
        negated,
        any,
        members,
    })
}

fn members<'t>(cursor: &mut Cursor<'t>, depth: usize) -> Result<Vec<Tree<'t>>> {
    if depth > DEEPEST {
        return Err(cursor.failure("fewer nested conditions"));
    }
    if !cursor.eat("(") {
        return Err(cursor.failure("\"(\""));
    }
    let mut members = Vec::new();
    loop {
        cursor.skip_blanks();
        members.push(member(cursor, depth)?);
        cursor.skip_blanks();
        if cursor.eat(")") {
            return Ok(members);
        }
        if !cursor.eat(",") {
            return Err(cursor.failure("\",\" or \")\""));
        }
    }
}

fn member<'t>(cursor: &mut Cursor<'t>, depth: usize) -> Result<Tree<'t>> {
    for (start, negated, any) in [
        ("and(", false, false),
        ("or(", false, true),
        ("not.and(", true, false),
        ("not.or(", true, true),
    ] {
        if cursor.rest().starts_with(start) {
            cursor.advance(start.len() - 1);
            let members = members(cursor, depth + 1)?;
            return Ok(Tree::Node {
                negated,
                any,
                members,
            });
        }
    }
    let field = field::field(cursor)?;
    if !cursor.eat(".") {
        return Err(cursor.failure("logic operator (and, or) or \".\""));
    }
    let (negated, test) = filter::condition(cursor, Ending::Member)?;
    Ok(Tree::Leaf(Filter { field, negated, test }))
}
