//! `rel.sub.col=eq.1`, `rel.order=a`, `rel.or=(…)`: parameters for what is embedded.

use std::borrow::Cow;

use busbar_kernel::Result;

use super::cursor::Cursor;
use super::field::{self, Field};
use super::logic::Tree;

/// A parameter for an embed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Below<'q> {
    /// The embeds on the way, from the outermost.
    pub(crate) path: Vec<String>,
    pub(crate) part: Part<'q>,
}

/// What is said of the embed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Part<'q> {
    Condition(Tree<'q>),
    Order(Cow<'q, str>),
    Limit(i64),
    Offset(i64),
}

/// The name of a parameter, cut at its dots.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Path<'n> {
    /// The embeds on the way; none for the root's own.
    pub(super) above: Vec<String>,
    pub(super) last: Last<'n>,
}

/// What a parameter's name ends with.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Last<'n> {
    Field(Field<'n>),
    Logic { negated: bool, any: bool },
    Order,
    Limit,
    Offset,
}

/// Reads a parameter's name that is none of the root's reserved ones.
pub(super) fn path(name: &str) -> Result<Path<'_>> {
    let mut cursor = Cursor::new("tree path", name);
    let mut above = Vec::new();
    let mut last = field::field(&mut cursor)?;
    while cursor.eat(".") {
        above.push(last.column.into_owned());
        last = field::field(&mut cursor)?;
    }
    if !cursor.done() {
        return Err(cursor.failure("\"->>\", \"->\" or end of input"));
    }
    let word = if above.is_empty() || !last.path.is_empty() {
        ""
    } else {
        last.column.as_ref()
    };
    let last = match word {
        "and" | "or" => Last::Logic {
            any: word == "or",
            negated: above.len() > 1 && above.last().is_some_and(|name| name == "not"),
        },
        "order" => Last::Order,
        "limit" => Last::Limit,
        "offset" => Last::Offset,
        _ => Last::Field(last),
    };
    if matches!(last, Last::Logic { negated: true, .. }) {
        above.pop();
    }
    Ok(Path { above, last })
}

impl Path<'_> {
    pub(super) fn into_owned(self) -> Path<'static> {
        let last = match self.last {
            Last::Field(field) => Last::Field(field.into_owned()),
            Last::Logic { negated, any } => Last::Logic { negated, any },
            Last::Order => Last::Order,
            Last::Limit => Last::Limit,
            Last::Offset => Last::Offset,
        };
        Path {
            above: self.above,
            last,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_cut_at_their_dots() {
        let cut = |name| {
            let path = path(name).unwrap();
            (path.above.join("/"), path.last)
        };
        let field = |text| {
            Last::Field(Field {
                column: Cow::Borrowed(text),
                path: Vec::new(),
            })
        };
        assert_eq!(cut("a"), (String::new(), field("a")));
        assert_eq!(cut("\"a.b\""), (String::new(), field("a.b")));
        assert_eq!(cut("a.b.c"), ("a/b".to_owned(), field("c")));
        assert_eq!(cut("a.order"), ("a".to_owned(), Last::Order));
        assert_eq!(cut("a.b.limit"), ("a/b".to_owned(), Last::Limit));
        assert_eq!(
            cut("a.or"),
            (
                "a".to_owned(),
                Last::Logic {
                    negated: false,
                    any: true
                }
            )
        );
        assert_eq!(
            cut("a.not.and"),
            (
                "a".to_owned(),
                Last::Logic {
                    negated: true,
                    any: false
                }
            )
        );
        assert!(path("a.").is_err());
        assert!(path("a b!").is_err());
    }
}
