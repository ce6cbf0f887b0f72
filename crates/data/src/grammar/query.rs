//! A query string, sorted into its parts; the hot path, so texts stay borrowed.

use std::borrow::Cow;

use busbar_kernel::Result;

use super::below::{self, Below, Last, Part};
use super::filter::{self, Filter};
use super::logic::{self, Tree};
use super::range::not_negative;
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
    /// What is said of embeds.
    pub(crate) below: Vec<Below<'q>>,
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
        if query.conditions.len() > 1
            || !query.below.is_empty()
            || matches!(query.conditions.first(), Some(Tree::Node { .. }))
        {
            bounded(&query)?;
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
        let path = match name {
            Cow::Borrowed(name) => below::path(name)?,
            Cow::Owned(name) => below::path(&name)?.into_owned(),
        };
        let part = match path.last {
            Last::Field(field) => Part::Condition(Tree::Leaf(match value {
                Cow::Borrowed(value) => filter::parameter(field, value)?,
                Cow::Owned(value) => own(filter::parameter(field, &value)?),
            })),
            Last::Logic { negated, any } => Part::Condition(tree(negated, any, value)?),
            Last::Order => Part::Order(value),
            Last::Limit | Last::Offset => {
                // As at the root, what is no number says nothing.
                let Ok(number) = value.trim().parse() else {
                    return Ok(());
                };
                if path.last == Last::Limit {
                    Part::Limit(not_negative(number)?)
                } else {
                    Part::Offset(number)
                }
            }
        };
        match part {
            Part::Condition(tree) if path.above.is_empty() => self.conditions.push(tree),
            part => self.below.push(Below {
                path: path.above,
                part,
            }),
        }
        Ok(())
    }

    fn logic(&mut self, negated: bool, any: bool, value: Cow<'q, str>) -> Result<()> {
        self.conditions.push(tree(negated, any, value)?);
        Ok(())
    }
}

fn tree<'q>(negated: bool, any: bool, value: Cow<'q, str>) -> Result<Tree<'q>> {
    Ok(match value {
        Cow::Borrowed(value) => logic::tree(negated, any, value)?,
        Cow::Owned(value) => own_tree(logic::tree(negated, any, &value)?),
    })
}

/// Refuses more conditions than the databases take in one expression.
fn bounded(query: &Query<'_>) -> Result<()> {
    fn leaves(tree: &Tree<'_>) -> usize {
        match tree {
            Tree::Leaf(_) => 1,
            Tree::Node { members, .. } => members.iter().map(leaves).sum(),
        }
    }
    let below = query.below.iter().map(|below| match &below.part {
        Part::Condition(tree) => leaves(tree),
        Part::Order(_) | Part::Limit(_) | Part::Offset(_) => 1,
    });
    let conditions = query.conditions.iter().map(leaves).chain(below);
    if conditions.sum::<usize>() > MOST_CONDITIONS {
        let message = format!("A request has at most {MOST_CONDITIONS} conditions");
        return Err(refusal::pgrst("PGRST100", message).hint("Use in.(…) for many values"));
    }
    Ok(())
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
            filter::Test::FullText {
                function,
                language,
                value,
            } => filter::Test::FullText {
                function,
                language: language.map(owned),
                value: owned(value),
            },
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
