//! A query string, sorted into its parts; the hot path, so texts stay borrowed.

use std::borrow::Cow;

use busbar_kernel::Result;

use super::cursor::Cursor;
use super::field::{self, Field};
use super::filter::{self, Filter};
use super::logic::{self, Tree};
use super::urlencoded::pairs;
use crate::refusal;

/// The most conditions of one request.
const MOST_CONDITIONS: usize = 500;

/// The parts of a query string. `select`, `order`, `columns` and `on_conflict` stay texts: they are parsed once per
/// shape.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Query<'q> {
    pub(crate) select: Option<Cow<'q, str>>,
    pub(crate) order: Option<Cow<'q, str>>,
    pub(crate) columns: Option<Cow<'q, str>>,
    pub(crate) on_conflict: Option<Cow<'q, str>>,
    pub(crate) limit: Option<i64>,
    pub(crate) offset: Option<i64>,
    pub(crate) conditions: Vec<Tree<'q>>,
    /// InsForge's way to name another schema.
    pub(crate) schema: Option<Cow<'q, str>>,
}

impl<'q> Query<'q> {
    /// Sorts a raw query string.
    ///
    /// # Errors
    /// `PGRST100` for what does not parse, `PGRST108` for a filter on what is not embedded.
    pub(crate) fn parse(raw: &'q str) -> Result<Self> {
        let mut query = Self::default();
        for pair in pairs(raw) {
            let (name, value) = pair?;
            query.take(name, value)?;
        }
        if query.conditions.len() > 1 || matches!(query.conditions.first(), Some(Tree::Node { .. })) {
            bounded(&query.conditions)?;
        }
        Ok(query)
    }

    fn take(&mut self, name: Cow<'q, str>, value: Cow<'q, str>) -> Result<()> {
        match name.as_ref() {
            "select" => self.select = Some(value),
            "order" => {
                // The client library repeats the parameter for further keys.
                self.order = Some(match self.order.take() {
                    Some(before) => Cow::Owned(format!("{before},{value}")),
                    None => value,
                });
            }
            "columns" => self.columns = Some(value),
            "on_conflict" => self.on_conflict = Some(value),
            "schema" if !value.contains('.') => self.schema = Some(value),
            "limit" => self.limit = value.trim().parse().ok().or(self.limit),
            "offset" => self.offset = value.trim().parse().ok().or(self.offset),
            "and" => self.logic(false, false, value)?,
            "or" => self.logic(false, true, value)?,
            "not.and" => self.logic(true, false, value)?,
            "not.or" => self.logic(true, true, value)?,
            _ => self.filter(name, value)?,
        }
        Ok(())
    }

    fn filter(&mut self, name: Cow<'q, str>, value: Cow<'q, str>) -> Result<()> {
        let field = match name {
            Cow::Borrowed(name) => filter_field(name)?,
            Cow::Owned(name) => filter_field(&name)?.into_owned(),
        };
        self.conditions.push(Tree::Leaf(match value {
            Cow::Borrowed(value) => filter::parameter(field, value)?,
            Cow::Owned(value) => own(filter::parameter(field, &value)?),
        }));
        Ok(())
    }

    fn logic(&mut self, negated: bool, any: bool, value: Cow<'q, str>) -> Result<()> {
        self.conditions.push(match value {
            Cow::Borrowed(value) => logic::tree(negated, any, value)?,
            Cow::Owned(value) => own_tree(logic::tree(negated, any, &value)?),
        });
        Ok(())
    }
}

/// Refuses more conditions than the databases take in one expression.
fn bounded(trees: &[Tree<'_>]) -> Result<()> {
    fn leaves(trees: &[Tree<'_>]) -> usize {
        let count = |tree: &Tree<'_>| match tree {
            Tree::Leaf(_) => 1,
            Tree::Node { members, .. } => leaves(members),
        };
        trees.iter().map(count).sum()
    }
    if leaves(trees) > MOST_CONDITIONS {
        let message = format!("A request has at most {MOST_CONDITIONS} conditions");
        return Err(refusal::pgrst("PGRST100", message).hint("Use in.(…) for many values"));
    }
    Ok(())
}

fn filter_field(name: &str) -> Result<Field<'_>> {
    let mut cursor = Cursor::new("tree path", name);
    let field = field::field(&mut cursor)?;
    if cursor.eat(".") {
        return Err(not_embedded(&field.column));
    }
    if !cursor.done() {
        return Err(cursor.failure("\"->>\", \"->\" or end of input"));
    }
    Ok(field)
}

fn not_embedded(name: &str) -> busbar_kernel::Error {
    refusal::pgrst(
        "PGRST108",
        format!("'{name}' is not an embedded resource in this request"),
    )
    .hint(format!(
        "Verify that '{name}' is included in the 'select' query parameter."
    ))
}

fn own(filter: Filter<'_>) -> Filter<'static> {
    let owned = |text: Cow<'_, str>| Cow::Owned(text.into_owned());
    Filter {
        field: filter.field.into_owned(),
        negated: filter.negated,
        test: match filter.test {
            filter::Test::Compare {
                operator,
                quantifier,
                value,
            } => filter::Test::Compare {
                operator,
                quantifier,
                value: owned(value),
            },
            filter::Test::In(elements) => filter::Test::In(elements.into_iter().map(owned).collect()),
            filter::Test::Is(word) => filter::Test::Is(word),
            filter::Test::Distinct(value) => filter::Test::Distinct(owned(value)),
        },
    }
}

fn own_tree(tree: Tree<'_>) -> Tree<'static> {
    match tree {
        Tree::Leaf(filter) => Tree::Leaf(own(filter)),
        Tree::Node {
            negated,
            any,
            members,
        } => Tree::Node {
            negated,
            any,
            members: members.into_iter().map(own_tree).collect(),
        },
    }
}
