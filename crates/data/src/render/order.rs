//! The order of rows and which part of them.

use busbar_kernel::Result;
use busbar_store::Dialect;

use super::aggregate::{grouped, key};
use super::builder::Builder;
use super::embed::of_one;
use super::node::{Node, no_to_one, not_embedded};
use super::output::{Output, path_sql};
use crate::grammar::{Nulls, Term};
use crate::refusal::pgrst;

/// NULLs are last going up and first going down, as in PostgreSQL, unless it is said.
pub(super) fn order_by<'t>(builder: &mut Builder<'t>, node: &Node<'t>, outputs: &[Output]) -> Result<()> {
    for (index, term) in node.order.iter().enumerate() {
        let (sql, nullable) = if grouped(outputs) {
            (key(node.table, outputs, term)?, true)
        } else {
            term_sql(builder, node, term)?
        };
        builder.push(if index > 0 { ", " } else { " ORDER BY " });
        builder.push(&sql);
        builder.push(if term.descending { " DESC" } else { " ASC" });
        let first = match term.nulls {
            Some(nulls) => nulls == Nulls::First,
            None => term.descending,
        };
        // Without NULLs an index can give the order.
        if nullable {
            builder.push(if first { " NULLS FIRST" } else { " NULLS LAST" });
        }
    }
    Ok(())
}

/// What a term sorts by, and whether it can be NULL.
fn term_sql<'t>(builder: &mut Builder<'t>, node: &Node<'t>, term: &Term) -> Result<(String, bool)> {
    let Some(name) = &term.relation else {
        let column = builder.table.column(&term.field.column)?;
        let (sql, _) = path_sql(builder, column, &term.field.path)?;
        return Ok((sql, column.nullable || !term.field.path.is_empty()));
    };
    let child = node.child(name).ok_or_else(|| not_embedded(name))?;
    if !child.relation.cardinality.is_to_one() {
        return Err(
            pgrst("PGRST118", format!("A related order on '{name}' is not possible"))
                .details(no_to_one(node.table, name)),
        );
    }
    let sql = of_one(builder, child, |builder| {
        let column = builder.table.column(&term.field.column)?;
        Ok(path_sql(builder, column, &term.field.path)?.0)
    })?;
    Ok((sql, true))
}

/// Writes the part of the rows that is wanted; its numbers are parameters.
pub(super) fn window(builder: &mut Builder<'_>, node: &Node<'_>) {
    match &node.limit {
        Some(limit) if node.single => {
            builder.push(match builder.dialect {
                Dialect::Sqlite => " LIMIT min(1, ",
                Dialect::Postgres => " LIMIT least(1, ",
            });
            builder.shared_slot(limit.clone());
            builder.push(")");
        }
        Some(limit) => {
            builder.push(" LIMIT ");
            builder.shared_slot(limit.clone());
        }
        None if node.single => builder.push(" LIMIT 1"),
        None if node.offset.is_some() && builder.dialect == Dialect::Sqlite => builder.push(" LIMIT -1"),
        None => {}
    }
    if let Some(offset) = &node.offset {
        builder.push(" OFFSET ");
        builder.shared_slot(offset.clone());
    }
}
