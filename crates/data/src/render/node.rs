//! What a request asks of each table, checked against the catalogue: the root and what is embedded in it.

use busbar_kernel::Result;
use busbar_schema::catalogue::{Catalogue, Relation, Table};
use chrono_tz::Tz;

use super::bind::literals;
use super::builder::Slot;
use super::relation::find;
use crate::grammar::{Below, Embed, Filter, IsWord, Item, Part, Term, Test, Tree, order};
use crate::refusal::pgrst;

/// The parts of a request that say which rows are shown, and how.
pub(crate) struct Asked<'r> {
    pub(crate) catalogue: &'r Catalogue,
    pub(crate) table: &'r Table,
    pub(crate) items: &'r [Item],
    pub(crate) conditions: &'r [Tree<'r>],
    pub(crate) order: &'r str,
    pub(crate) below: &'r [Below<'r>],
    pub(crate) has_limit: bool,
    pub(crate) has_offset: bool,
    /// No list shows more rows than some number.
    pub(crate) capped: bool,
    /// The zone in which moments are told, where the renderer has to tell them.
    pub(crate) zone: Option<Tz>,
}

/// What is asked of one table.
pub(crate) struct Node<'r> {
    pub(crate) table: &'r Table,
    pub(super) items: &'r [Item],
    /// In the order of `items`.
    pub(super) children: Vec<Child<'r>>,
    /// Each with the number of its first literal.
    pub(super) conditions: Vec<(&'r Tree<'r>, usize)>,
    pub(super) order: Vec<Term>,
    pub(super) limit: Option<Slot>,
    pub(super) offset: Option<Slot>,
    /// At most one row belongs to each row around it.
    pub(super) single: bool,
    pub(super) zone: Option<Tz>,
}

/// An embedded table.
pub(super) struct Child<'r> {
    pub(super) embed: &'r Embed,
    pub(super) relation: &'r Relation,
    pub(super) node: Node<'r>,
}

impl<'r> Node<'r> {
    /// A table of which some columns are shown.
    pub(crate) fn plain(table: &'r Table, items: &'r [Item]) -> Self {
        Self {
            table,
            items,
            children: Vec::new(),
            conditions: Vec::new(),
            order: Vec::new(),
            limit: None,
            offset: None,
            single: false,
            zone: None,
        }
    }

    /// Whether only a part of the rows is wanted.
    pub(super) fn is_part(&self) -> bool {
        self.limit.is_some() || self.offset.is_some()
    }

    /// Whether anything but columns is shown.
    pub(super) fn embeds(&self) -> bool {
        !self.children.is_empty()
    }

    /// Whether each row has at most one row of every table embedded in it.
    pub(super) fn is_bounded(&self) -> bool {
        self.children
            .iter()
            .all(|child| child.relation.cardinality.is_to_one() && child.node.is_bounded())
    }

    /// The child that a name in the query string means: by alias, as it is written, or by its table.
    pub(super) fn child(&self, name: &str) -> Option<&Child<'r>> {
        self.place(name).and_then(|at| self.children.get(at))
    }

    fn place(&self, name: &str) -> Option<usize> {
        let known = |child: &Child<'_>| child.embed.alias.as_deref().unwrap_or(&child.embed.name) == name;
        let named = |child: &Child<'_>| child.embed.name == name || child.relation.target.name == name;
        let children = &self.children;
        children
            .iter()
            .position(known)
            .or_else(|| children.iter().position(named))
    }
}

/// The child whose presence a filter asks for, and whether it is to be there.
pub(super) fn presence<'c, 'r>(
    table: &Table,
    filter: &Filter<'_>,
    children: &'c [Child<'r>],
) -> Option<(&'c Child<'r>, bool)> {
    let there = match &filter.test {
        Test::Is(IsWord::Null) => filter.negated,
        Test::Is(IsWord::NotNull) => !filter.negated,
        _ => return None,
    };
    if !filter.field.path.is_empty() {
        return None;
    }
    let name = filter.field.column.as_ref();
    let means = |child: &&Child<'_>| match &child.embed.alias {
        Some(alias) => alias == name,
        None => {
            child.relation.target.name == name || (child.embed.name == name && table.position(name).is_none())
        }
    };
    Some((children.iter().find(means)?, there))
}

/// Checks a request against the catalogue.
///
/// # Errors
/// `PGRST108` for a parameter of what is not embedded, `PGRST119` for a spread of many rows, `PGRST200` and
/// `PGRST201` for no relation and several, `PGRST100` for an order that does not parse.
pub(crate) fn node<'r>(asked: &Asked<'r>) -> Result<Node<'r>> {
    let mut next = 0;
    let mut root = embedded(asked, asked.table, asked.items)?;
    for tree in asked.conditions {
        root.conditions.push((tree, next));
        next += count(tree);
    }
    root.order = order(asked.order)?;
    root.limit = asked.has_limit.then_some(Slot::Limit);
    root.offset = asked.has_offset.then_some(Slot::Offset);
    for (index, below) in asked.below.iter().enumerate() {
        let node = descend(&mut root, &below.path)?;
        match &below.part {
            Part::Condition(tree) => {
                node.conditions.push((tree, next));
                next += count(tree);
            }
            Part::Order(text) => node.order.extend(order(text)?),
            Part::Limit(_) => node.limit = Some(Slot::Below(index)),
            Part::Offset(_) => node.offset = Some(Slot::Below(index)),
        }
    }
    Ok(root)
}

fn count(tree: &Tree<'_>) -> usize {
    let mut found = Vec::new();
    literals(std::slice::from_ref(tree), &mut found);
    found.len()
}

fn embedded<'r>(asked: &Asked<'r>, table: &'r Table, items: &'r [Item]) -> Result<Node<'r>> {
    let mut node = Node::plain(table, items);
    node.zone = asked.zone;
    for item in items {
        let Item::Embed(embed) = item else { continue };
        let relation = find(asked.catalogue, table, embed)?;
        let to_one = relation.cardinality.is_to_one();
        if embed.spread && !to_one {
            let name = embed.alias.as_deref().unwrap_or(&embed.name);
            return Err(pgrst(
                "PGRST119",
                format!("A spread operation on '{name}' is not possible"),
            )
            .details(no_to_one(table, name)));
        }
        let mut child = embedded(asked, &relation.target, &embed.items)?;
        child.single = to_one;
        child.limit = (asked.capped && !to_one).then_some(Slot::Most);
        node.children.push(Child {
            embed,
            relation,
            node: child,
        });
    }
    Ok(node)
}

/// What the details of `PGRST118` and `PGRST119` say.
pub(super) fn no_to_one(table: &Table, name: &str) -> String {
    format!(
        "'{}' and '{name}' do not form a many-to-one or one-to-one relationship",
        table.name
    )
}

fn descend<'n, 'r>(root: &'n mut Node<'r>, path: &[String]) -> Result<&'n mut Node<'r>> {
    let mut node = root;
    for name in path {
        let at = node.place(name);
        let child = at.and_then(|at| node.children.get_mut(at));
        node = &mut child.ok_or_else(|| not_embedded(name))?.node;
    }
    Ok(node)
}

/// A parameter speaks of what is not embedded.
pub(super) fn not_embedded(name: &str) -> busbar_kernel::Error {
    pgrst(
        "PGRST108",
        format!("'{name}' is not an embedded resource in this request"),
    )
    .hint(format!(
        "Verify that '{name}' is included in the 'select' query parameter."
    ))
}
