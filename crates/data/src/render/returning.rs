//! What a write shows of the rows it touched.

use busbar_kernel::Result;
use busbar_store::Dialect;

use super::aggregate::{self, grouped};
use super::builder::{Builder, Slot, Statement};
use super::embed::exists;
use super::form::RowForm;
use super::node::Node;
use super::output::{Output, outputs, row_json, select_list};
use crate::refusal::pgrst;
use busbar_schema::catalogue::ColumnType;

/// SQLite takes at most 1,000 arguments per function.
const MOST_CELLS: usize = 960;

/// The keys of the rows shown.
pub(super) fn shown<'t>(builder: &mut Builder<'t>, node: &Node<'t>) -> Result<Vec<Output>> {
    outputs(builder, node)
}

/// Where groups are asked for: the statement that makes them of what the write returned, an array of its rows.
///
/// # Errors
/// 42883 for a function that does not take its column's type, `PGRST100` for too many columns.
pub(super) fn groups(dialect: Dialect, outputs: &[Output], form: RowForm<'_>) -> Result<Option<Statement>> {
    if !grouped(outputs) {
        return Ok(None);
    }
    if outputs.len() > MOST_CELLS {
        return Err(pgrst(
            "PGRST100",
            "The request combines too many columns and aggregates",
        ));
    }
    let list = select_list(dialect, &aggregate::groups(dialect, outputs)?);
    let by = aggregate::group_by(outputs);
    let numbered = outputs.iter().enumerate();
    let sql = match dialect {
        Dialect::Postgres => {
            let cells: Vec<String> = numbered
                .map(|(at, output)| format!("\"_{at}\" {}", output.declared))
                .collect();
            format!(
                "SELECT {} FROM (SELECT {list} FROM json_to_recordset($1) AS \"_g\"({}){by}) \"_r\"",
                form.of_postgres(),
                cells.join(", ")
            )
        }
        Dialect::Sqlite => {
            let cells: Vec<String> = numbered
                .map(|(at, output)| {
                    let cell = format!("json_extract(\"_e\".value, '$[{at}]')");
                    match output.kind {
                        ColumnType::Bytea => format!("unhex({cell}) AS \"_{at}\""),
                        _ => format!("{cell} AS \"_{at}\""),
                    }
                })
                .collect();
            format!(
                "SELECT {} FROM (SELECT {} FROM json_each($1) AS \"_e\") \"_g\"{by}",
                form.of_sqlite(&list),
                cells.join(", ")
            )
        }
    };
    Ok(Some(Statement {
        sql: sql.into(),
        slots: vec![Slot::Document],
    }))
}

/// A row's cells as JSON, for groups: by number on PostgreSQL, in stored form and by place on SQLite.
fn cells(builder: &mut Builder<'_>, outputs: &[Output]) {
    if builder.dialect == Dialect::Postgres {
        let rows = aggregate::rows(builder.dialect, outputs);
        return builder.push(&format!(
            "(SELECT row_to_json(\"_r\")::text FROM (SELECT {rows}) \"_r\")"
        ));
    }
    let cells = outputs.iter().map(|output| match output.kind {
        // JSON has no bytes.
        ColumnType::Bytea => format!("CASE WHEN {0} IS NOT NULL THEN hex({0}) END", output.sql),
        _ => output.sql.clone(),
    });
    let cells: Vec<String> = cells.collect();
    builder.push(&format!("json_array({})", cells.join(", ")));
}

/// Writes a row's JSON; NULL where an inner embed has nothing to show.
pub(super) fn returned<'t>(
    builder: &mut Builder<'t>,
    node: &Node<'t>,
    outputs: &[Output],
    form: RowForm<'_>,
) -> Result<()> {
    let mut word = "CASE WHEN ";
    for child in node.children.iter().filter(|child| child.embed.inner) {
        builder.push(std::mem::replace(&mut word, " AND "));
        exists(builder, child)?;
    }
    let inner = word == " AND ";
    builder.push(if inner { " THEN " } else { "" });
    match builder.dialect {
        _ if grouped(outputs) => cells(builder, outputs),
        Dialect::Sqlite => row_json(builder, outputs, form),
        Dialect::Postgres => {
            builder.push("(");
            row_json(builder, outputs, form);
            builder.push(") \"_r\")");
        }
    }
    builder.push(if inner { " END" } else { "" });
    Ok(())
}
