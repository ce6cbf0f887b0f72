//! GET and HEAD: the page, its size and the size of the whole.

use busbar_kernel::{Error, Result};
use busbar_store::Dialect;

use super::aggregate::grouped;
use super::builder::{Builder, Statement};
use super::embed::{narrow, select};
use super::form::RowForm;
use super::node::Node;
use super::order::{order_by, window};
use super::output::{Output, outputs, select_list};
use crate::caller::Role;
use crate::grammar::{Operator, Test, Tree};

/// What a read asks for; whether there is a limit is its shape, which one is a parameter.
pub(crate) struct Read<'r> {
    pub(crate) node: Node<'r>,
    pub(crate) role: Role,
    pub(crate) form: RowForm<'r>,
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
    /// The answer's rows are groups of the table's.
    pub(crate) grouped: bool,
}

impl ReadPlan {
    /// On PostgreSQL: the page's rows, as `"_r"`, under another select list.
    ///
    /// # Errors
    /// When the plan was rendered in another form.
    pub(crate) fn rows_into(&self, form: &RowForm<'_>, list: &str) -> Result<String> {
        let start = format!("SELECT {} FROM (", form.of_postgres());
        match self.rows.sql.strip_prefix(&start) {
            Some(rest) => Ok(format!("SELECT {list} FROM ({rest}")),
            None => Err(Error::internal("a plan has another form than the request")),
        }
    }
}

/// Renders a read.
///
/// # Errors
/// What the catalogue refuses: 42703, 42883, 42803, 42804, 42704, `PGRST108` and `PGRST118`.
pub(crate) fn read(dialect: Dialect, read: &Read<'_>) -> Result<ReadPlan> {
    let new = || Builder::new(dialect, read.node.table, read.role).joinable();

    let mut rows = new();
    let outputs = self::rows(&mut rows, read)?;
    let grouped = grouped(&outputs);

    let mut page = new();
    page.push("SELECT count(*) FROM (");
    if grouped {
        let outputs = self::outputs(&mut page, &read.node)?;
        select(&mut page, &read.node, &outputs, "", |builder| {
            from_where(builder, &read.node)
        })?;
    } else {
        page.push("SELECT 1 AS \"_x\"");
        from_where(&mut page, &read.node)?;
        window(&mut page, &read.node);
    }
    page.push(") \"_r\"");

    let mut total = new();
    total.push("SELECT count(*)");
    from_where(&mut total, &read.node)?;

    Ok(ReadPlan {
        rows: rows.finish()?,
        page: page.finish()?,
        total: total.finish()?,
        outputs,
        point: is_point(&read.node) && !grouped,
        grouped,
    })
}

fn rows<'t>(builder: &mut Builder<'t>, read: &Read<'t>) -> Result<Vec<Output>> {
    let node = &read.node;
    let outputs = outputs(builder, node)?;
    if builder.dialect == Dialect::Postgres {
        builder.push(&format!("SELECT {} FROM (", read.form.of_postgres()));
        select(builder, node, &outputs, "", |builder| from_where(builder, node))?;
        builder.push(") \"_r\"");
        return Ok(outputs);
    }
    // SQLite would make the JSON of every row it sorts: the page is sorted first and made into JSON then.
    let page_first =
        node.limit.is_some() && !node.order.is_empty() && !outputs.is_empty() && !grouped(&outputs);
    if page_first {
        page(builder, node, &outputs)?;
    } else if read.form.nulls_stripped {
        builder.push("SELECT busbar_strip_nulls(\"_j\") FROM (");
        select(builder, node, &outputs, " AS \"_j\"", |builder| {
            from_where(builder, node)
        })?;
        builder.push(")");
    } else {
        select(builder, node, &outputs, "", |builder| from_where(builder, node))?;
    }
    if page_first {
        let list = select_list(builder.dialect, &outputs);
        builder.push(&format!("{} FROM ", read.form.of_sqlite(&list)));
        builder.table_name();
        builder.take_joins();
    }
    Ok(outputs)
}

/// Starts a statement with the page's rows under the table's own name.
fn page<'t>(builder: &mut Builder<'t>, node: &Node<'t>, outputs: &[Output]) -> Result<()> {
    builder.push("WITH ");
    builder.table_name();
    builder.push(" AS MATERIALIZED (SELECT ");
    let mut columns: Vec<&str> = outputs
        .iter()
        .flat_map(|output| &output.columns)
        .map(String::as_str)
        .collect();
    columns.sort_unstable();
    columns.dedup();
    for (index, column) in columns.iter().enumerate() {
        builder.push(if index > 0 { ", " } else { "" });
        builder.column(column);
        builder.push(" AS ");
        builder.name(column);
    }
    builder.push(" FROM main.");
    builder.table_name();
    narrow(builder, node, " WHERE ")?;
    order_by(builder, node, outputs)?;
    window(builder, node);
    builder.push(") SELECT ");
    Ok(())
}

fn from_where<'t>(builder: &mut Builder<'t>, node: &Node<'t>) -> Result<()> {
    builder.push(" FROM ");
    builder.table_name();
    builder.take_joins();
    narrow(builder, node, " WHERE ")
}

/// Whether equalities on a unique key bound the answer to one row, and one of everything embedded in it.
fn is_point(node: &Node<'_>) -> bool {
    let fixed = node.conditions.iter().filter_map(|(tree, _)| match tree {
        Tree::Leaf(filter) if !filter.negated && filter.field.path.is_empty() => match filter.test {
            Test::Compare {
                operator: Operator::Eq,
                quantifier: None,
                ..
            } => node.table.position(&filter.field.column),
            _ => None,
        },
        _ => None,
    });
    let fixed: Vec<usize> = fixed.collect();
    !fixed.is_empty() && node.table.is_key(&fixed) && node.is_bounded()
}
