//! What a write shows of the rows it touched.

use busbar_kernel::Result;
use busbar_store::Dialect;

use super::aggregate::grouped;
use super::builder::Builder;
use super::embed::exists;
use super::form::RowForm;
use super::node::Node;
use super::output::{Output, outputs, row_json};
use crate::refusal::unsupported;

/// The keys of the rows shown.
pub(super) fn shown<'t>(builder: &mut Builder<'t>, node: &Node<'t>) -> Result<Vec<Output>> {
    let outputs = outputs(builder, node)?;
    if grouped(&outputs) {
        return Err(unsupported("an aggregate function in what a write returns"));
    }
    Ok(outputs)
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
