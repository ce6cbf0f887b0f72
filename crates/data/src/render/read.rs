//! GET and HEAD: the page, its size and the size of the whole.

use busbar_kernel::Result;
use busbar_store::Dialect;

use super::builder::{Builder, Slot, Statement};
use super::condition::conditions;
use super::guard::{Part, Row, guard, guarded};
use super::output::{Output, outputs, path_sql, row_json};
use crate::caller::Role;
use crate::grammar::{Item, Nulls, Operator, Term, Test, Tree};
use busbar_schema::catalogue::Table;
use busbar_schema::policy::Command;

/// What a read asks for; whether there is a limit is its shape, which one is a parameter.
pub(crate) struct Read<'r> {
    pub(crate) table: &'r Table,
    pub(crate) role: Role,
    pub(crate) items: &'r [Item],
    pub(crate) conditions: &'r [Tree<'r>],
    pub(crate) order: &'r [Term],
    pub(crate) has_limit: bool,
    pub(crate) has_offset: bool,
    pub(crate) nulls_stripped: bool,
}

/// The statements of a read.
#[derive(Debug)]
pub(crate) struct ReadPlan {
    pub(crate) rows: Statement,
    /// Counts the page.
    pub(crate) page: Statement,
    /// Counts everything that the filters let through.
    pub(crate) total: Statement,
    pub(crate) outputs: Vec<Output>,
    /// At most one row, found by a unique key.
    pub(crate) point: bool,
}

/// Renders a read.
///
/// # Errors
/// What the catalogue refuses: 42703, 42883, 42804, 42704.
pub(crate) fn read(dialect: Dialect, read: &Read<'_>) -> Result<ReadPlan> {
    let outputs = outputs(dialect, read.table, read.items)?;
    let new = || Builder::new(dialect, read.table, read.role);

    let rows = rows(new(), read, &outputs)?;

    let mut page = new();
    page.push("SELECT count(*) FROM (SELECT 1 AS \"_x\"");
    from_where(&mut page, read)?;
    window(&mut page, read.has_limit, read.has_offset);
    page.push(") \"_r\"");

    let mut total = new();
    total.push("SELECT count(*)");
    from_where(&mut total, read)?;

    Ok(ReadPlan {
        rows,
        page: page.finish(),
        total: total.finish(),
        outputs,
        point: is_point(read),
    })
}

fn rows(mut builder: Builder<'_>, read: &Read<'_>, outputs: &[Output]) -> Result<Statement> {
    if builder.dialect == Dialect::Postgres {
        row_json(&mut builder, outputs, read.nulls_stripped, "");
        from_where(&mut builder, read)?;
        order_by(&mut builder, read.order)?;
        window(&mut builder, read.has_limit, read.has_offset);
        builder.push(") \"_r\"");
        return Ok(builder.finish());
    }
    // SQLite would make the JSON of every row it sorts: the page is sorted first and made into JSON then.
    let page_first = read.has_limit && !read.order.is_empty() && !outputs.is_empty();
    if page_first {
        builder.push("WITH ");
        builder.table_name();
        builder.push(" AS MATERIALIZED (SELECT ");
        let mut columns: Vec<&str> = outputs.iter().map(|output| output.column.as_str()).collect();
        columns.sort_unstable();
        columns.dedup();
        for (index, column) in columns.iter().enumerate() {
            builder.push(if index > 0 { ", " } else { "" });
            builder.column(column);
            builder.push(" AS ");
            builder.name(column);
        }
        builder.push(" FROM main.");
        table_where(&mut builder, read)?;
    } else {
        builder.push("SELECT ");
        row_json(&mut builder, outputs, read.nulls_stripped, "");
        from_where(&mut builder, read)?;
    }
    order_by(&mut builder, read.order)?;
    window(&mut builder, read.has_limit, read.has_offset);
    if page_first {
        builder.push(") SELECT ");
        row_json(&mut builder, outputs, read.nulls_stripped, " FROM ");
        builder.table_name();
    }
    Ok(builder.finish())
}

fn from_where(builder: &mut Builder<'_>, read: &Read<'_>) -> Result<()> {
    builder.push(" FROM ");
    table_where(builder, read)
}

fn table_where(builder: &mut Builder<'_>, read: &Read<'_>) -> Result<()> {
    builder.table_name();
    let secured = guarded(builder);
    if read.conditions.is_empty() && !secured {
        return Ok(());
    }
    builder.push(" WHERE ");
    let any = conditions(builder, read.conditions)?;
    if secured {
        builder.push(if any { " AND " } else { "" });
        guard(builder, Command::Select, Part::Using, &Row::Own);
    }
    Ok(())
}

/// NULLs are last going up and first going down, as in PostgreSQL, unless it is said.
pub(super) fn order_by(builder: &mut Builder<'_>, terms: &[Term]) -> Result<()> {
    for (index, term) in terms.iter().enumerate() {
        builder.push(if index > 0 { ", " } else { " ORDER BY " });
        let column = builder.table.column(&term.field.column)?;
        let (sql, _) = path_sql(builder.dialect, builder.table, column, &term.field.path)?;
        builder.push(&sql);
        builder.push(if term.descending { " DESC" } else { " ASC" });
        let first = match term.nulls {
            Some(nulls) => nulls == Nulls::First,
            None => term.descending,
        };
        // Without NULLs an index can give the order.
        if column.nullable || !term.field.path.is_empty() {
            builder.push(if first { " NULLS FIRST" } else { " NULLS LAST" });
        }
    }
    Ok(())
}

/// The page, as parameters.
pub(super) fn window(builder: &mut Builder<'_>, has_limit: bool, has_offset: bool) {
    if has_limit {
        builder.push(" LIMIT ");
        builder.slot(Slot::Limit);
    } else if has_offset && builder.dialect == Dialect::Sqlite {
        builder.push(" LIMIT -1");
    }
    if has_offset {
        builder.push(" OFFSET ");
        builder.slot(Slot::Offset);
    }
}

/// Whether equalities on a unique key bound the answer to one row.
fn is_point(read: &Read<'_>) -> bool {
    let fixed = read.conditions.iter().filter_map(|tree| match tree {
        Tree::Leaf(filter) if !filter.negated && filter.field.path.is_empty() => match filter.test {
            Test::Compare {
                operator: Operator::Eq,
                quantifier: None,
                ..
            } => read.table.position(&filter.field.column),
            _ => None,
        },
        _ => None,
    });
    let fixed: Vec<usize> = fixed.collect();
    !fixed.is_empty() && read.table.is_key(&fixed)
}
