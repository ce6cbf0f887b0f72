//! Embedded rows: subqueries that look at the row around them.

use busbar_kernel::Result;
use busbar_schema::catalogue::Link;
use busbar_schema::policy::Command;
use busbar_schema::quote::quoted;
use busbar_store::Dialect;

use super::aggregate::{self, grouped};
use super::builder::Builder;
use super::condition::condition;
use super::guard::{Part, Row, guard, guarded};
use super::node::{Child, Node};
use super::order::{order_by, window};
use super::output::{Output, outputs, select_list};

/// An embed's JSON: an object or NULL, or an array.
pub(super) fn value<'t>(builder: &mut Builder<'t>, child: &Child<'t>) -> Result<String> {
    let to_one = child.relation.cardinality.is_to_one();
    within(builder, child, |builder, outer| {
        let outputs = outputs(builder, &child.node)?;
        let from = |builder: &mut Builder<'t>| from_where(builder, outer, child);
        match (builder.dialect, to_one) {
            (Dialect::Postgres, true) => {
                builder.push("(SELECT row_to_json(\"_r\") FROM (");
                select(builder, &child.node, &outputs, "", from)?;
                builder.push(") \"_r\")");
            }
            (Dialect::Postgres, false) => {
                builder.push("(SELECT coalesce(json_agg(\"_r\"), '[]') FROM (");
                select(builder, &child.node, &outputs, "", from)?;
                builder.push(") \"_r\")");
            }
            (Dialect::Sqlite, true) => {
                builder.push("(");
                select(builder, &child.node, &outputs, "", from)?;
                builder.push(")");
            }
            (Dialect::Sqlite, false) if is_simple(&child.node, &outputs) => {
                let row = select_list(builder.dialect, &outputs);
                builder.push(&format!(
                    "(SELECT '[' || coalesce(group_concat({row}), '') || ']'"
                ));
                from(builder)?;
                builder.push(")");
            }
            (Dialect::Sqlite, false) => {
                builder.push("(SELECT '[' || coalesce(group_concat(\"_j\"), '') || ']' FROM (");
                select(builder, &child.node, &outputs, " AS \"_j\"", from)?;
                builder.push("))");
            }
        }
        Ok(())
    })
}

/// Writes whether a row has a related one that the embed's filters let through.
pub(super) fn exists<'t>(builder: &mut Builder<'t>, child: &Child<'t>) -> Result<()> {
    builder.push("EXISTS (SELECT 1");
    builder.inside(&child.relation.target, |builder, outer| {
        from_where(builder, outer, child)?;
        builder.push(if builder.is_deep() { " OFFSET 0" } else { "" });
        Ok::<_, busbar_kernel::Error>(())
    })?;
    builder.push(")");
    Ok(())
}

/// Something of the one related row.
pub(super) fn of_one<'t>(
    builder: &mut Builder<'t>,
    child: &Child<'t>,
    what: impl FnOnce(&Builder<'t>) -> Result<String>,
) -> Result<String> {
    within(builder, child, |builder, outer| {
        let what = what(builder)?;
        builder.push(&format!("(SELECT {what}"));
        from_where(builder, outer, child)?;
        builder.push(" LIMIT 1)");
        Ok(())
    })
}

fn within<'t>(
    builder: &mut Builder<'t>,
    child: &Child<'t>,
    write: impl FnOnce(&mut Builder<'t>, &str) -> Result<()>,
) -> Result<String> {
    builder.inside(&child.relation.target, |builder, outer| {
        builder.fragment(|builder| write(builder, outer))
    })
}

fn is_simple(node: &Node<'_>, outputs: &[Output]) -> bool {
    node.order.is_empty() && node.limit.is_none() && node.offset.is_none() && !grouped(outputs)
}

/// Writes a node's rows or groups; `named` follows the select list.
pub(super) fn select<'t>(
    builder: &mut Builder<'t>,
    node: &Node<'t>,
    outputs: &[Output],
    named: &str,
    from: impl FnOnce(&mut Builder<'t>) -> Result<()>,
) -> Result<()> {
    let dialect = builder.dialect;
    if grouped(outputs) {
        let groups = aggregate::groups(dialect, outputs)?;
        let (list, rows) = (select_list(dialect, &groups), aggregate::rows(dialect, outputs));
        builder.push(&format!("SELECT {list}{named} FROM (SELECT {rows}"));
        from(builder)?;
        builder.push(&format!(") \"_g\"{}", aggregate::group_by(outputs)));
    } else {
        let list = select_list(dialect, outputs);
        builder.push(&format!("SELECT {list}{named}"));
        from(builder)?;
    }
    order_by(builder, node, outputs)?;
    window(builder, node);
    Ok(())
}

/// Writes where an embed's rows come from and which of them belong to the row of `outer`.
pub(super) fn from_where<'t>(builder: &mut Builder<'t>, outer: &str, child: &Child<'t>) -> Result<()> {
    builder.push(" FROM ");
    match &child.relation.link {
        Link::Key { columns, .. } => {
            builder.table_alias();
            builder.take_joins();
            builder.push(" WHERE ");
            let here = columns
                .iter()
                .map(|(here, there)| (here, builder.column_sql(there)));
            let joined = equal(outer, here);
            builder.push(&joined);
        }
        Link::Junction { table, near, far } => {
            builder.table_alias();
            builder.take_joins();
            builder.push(", ");
            let target = builder.qualifier.clone();
            builder.inside(table, |builder, _| {
                builder.table_alias();
                builder.push(" WHERE ");
                let nearer = near
                    .1
                    .iter()
                    .map(|(here, middle)| (here, builder.column_sql(middle)));
                let nearer = equal(outer, nearer);
                let farther = far
                    .1
                    .iter()
                    .map(|(middle, there)| (there, builder.column_sql(middle)));
                let farther = equal(&target, farther);
                builder.push(&format!("{nearer} AND {farther}"));
                if guarded(builder) {
                    builder.push(" AND ");
                    guard(builder, Command::Select, Part::Using, &Row::Own);
                }
            });
        }
        Link::Function { name } => {
            builder.name(&builder.table.schema);
            let row = builder.row_sql(outer);
            let call = format!(".{}({row}) AS {}", quoted(name), builder.qualifier);
            builder.push(&call);
            builder.take_joins();
            builder.push(" WHERE TRUE");
        }
    }
    narrow(builder, &child.node, " AND ")
}

/// `outer."a" = x AND …`.
pub(super) fn equal<'c>(outer: &str, columns: impl Iterator<Item = (&'c String, String)>) -> String {
    let pairs = columns.map(|(name, other)| format!("{outer}.{} = {other}", quoted(name)));
    pairs.collect::<Vec<_>>().join(" AND ")
}

/// Writes what a node's rows have to fulfil: conditions, inner embeds and row security; `word` comes first.
pub(super) fn narrow<'t>(builder: &mut Builder<'t>, node: &Node<'t>, mut word: &'static str) -> Result<()> {
    for (tree, literal) in &node.conditions {
        builder.push(std::mem::replace(&mut word, " AND "));
        builder.literal = *literal;
        condition(builder, tree, &node.children)?;
    }
    for child in node.children.iter().filter(|child| child.embed.inner) {
        builder.push(std::mem::replace(&mut word, " AND "));
        exists(builder, child)?;
    }
    if guarded(builder) {
        builder.push(word);
        guard(builder, Command::Select, Part::Using, &Row::Own);
    }
    Ok(())
}
