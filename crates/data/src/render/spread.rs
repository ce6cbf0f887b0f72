//! The columns of a to-one embed as the parent's own: joined where the parent's rows can be joined to, so that the
//! related row is looked up once, else each by a subquery of its own.

use busbar_kernel::Result;
use busbar_schema::catalogue::Link;
use busbar_store::Dialect;

use super::builder::Builder;
use super::embed::{equal, from_where, narrow};
use super::node::Child;
use super::output::{Output, outputs};

/// What a spread lifts.
pub(super) fn spread<'t>(builder: &mut Builder<'t>, child: &Child<'t>) -> Result<Vec<Output>> {
    match builder.dialect {
        Dialect::Postgres if builder.may_join() => lateral(builder, child),
        Dialect::Sqlite if builder.may_join() && is_one_by_key(child) => joined(builder, child),
        _ => one_by_one(builder, child),
    }
}

fn one_by_one<'t>(builder: &mut Builder<'t>, child: &Child<'t>) -> Result<Vec<Output>> {
    let mut lifted = Vec::new();
    builder.inside(&child.relation.target, |builder, outer| {
        let outputs = outputs(builder, &child.node)?;
        if outputs.is_empty() {
            return Ok(lifted);
        }
        let from = builder.fragment(|builder| {
            from_where(builder, outer, child)?;
            builder.push(" LIMIT 1)");
            Ok(())
        })?;
        for mut output in outputs {
            output.sql = format!("(SELECT {}{from}", output.sql);
            lifted.push(output);
        }
        Ok(lifted)
    })
}

/// One subquery that looks at the row before it.
fn lateral<'t>(builder: &mut Builder<'t>, child: &Child<'t>) -> Result<Vec<Output>> {
    let alias = builder.alias();
    let (mut lifted, join) = builder.inside(&child.relation.target, |builder, outer| {
        let outputs = outputs(builder, &child.node)?;
        let list = outputs.iter().enumerate();
        let list: Vec<String> = list
            .map(|(at, output)| format!("{} AS \"_{at}\"", output.sql))
            .collect();
        let join = builder.fragment(|builder| {
            builder.push(&format!(" LEFT JOIN LATERAL (SELECT {}", list.join(", ")));
            from_where(builder, outer, child)?;
            builder.push(&format!(" LIMIT 1) AS {alias} ON TRUE"));
            Ok(())
        })?;
        Ok::<_, busbar_kernel::Error>((outputs, join))
    })?;
    if !lifted.is_empty() {
        builder.join([join]);
    }
    for (at, output) in lifted.iter_mut().enumerate() {
        output.sql = format!("{alias}.\"_{at}\"");
    }
    Ok(lifted)
}

/// Whether at most one row of a table can be joined.
fn is_one_by_key(child: &Child<'_>) -> bool {
    let target = &child.relation.target;
    let Link::Key { columns, .. } = &child.relation.link else {
        return false;
    };
    let there: Option<Vec<usize>> = columns.iter().map(|(_, there)| target.position(there)).collect();
    !target.is_view && !child.node.is_part() && there.is_some_and(|there| target.is_key(&there))
}

/// The table itself, whose joins follow it.
fn joined<'t>(builder: &mut Builder<'t>, child: &Child<'t>) -> Result<Vec<Output>> {
    let Link::Key { columns, .. } = &child.relation.link else {
        return one_by_one(builder, child);
    };
    let (lifted, joins) = builder.inside(&child.relation.target, |builder, outer| {
        let mut outputs = outputs(builder, &child.node)?;
        let nested = std::mem::take(&mut builder.joins);
        let join = builder.fragment(|builder| {
            builder.push(" LEFT JOIN ");
            builder.table_alias();
            builder.push(" ON ");
            let here = columns
                .iter()
                .map(|(here, there)| (here, builder.column_sql(there)));
            let same = equal(outer, here);
            builder.push(&same);
            narrow(builder, &child.node, " AND ")
        })?;
        let found: Vec<String> = columns
            .iter()
            .map(|(_, there)| format!("{} IS NOT NULL", builder.column_sql(there)))
            .collect();
        for output in &mut outputs {
            let plain = output.field.as_ref().is_some_and(|field| field.path.is_empty());
            if !plain {
                // Without a related row nothing of it is there, not even what is made of nothing.
                output.sql = format!("CASE WHEN {} THEN {} END", found.join(" AND "), output.sql);
            }
        }
        Ok::<_, busbar_kernel::Error>((outputs, std::iter::once(join).chain(nested).collect::<Vec<_>>()))
    })?;
    if !lifted.is_empty() {
        builder.join(joins);
    }
    Ok(lifted)
}
