//! What is published follows a table whose columns change.

use std::sync::Arc;

use busbar_kernel::Result;
use busbar_store::{Dialect, Step, params};

use super::on_postgres::array;
use super::on_sqlite::list;
use super::publish::when;
use super::{Events, Publication};
use crate::catalogue::{Library, Table};
use crate::policy::parse;
use crate::refusal::sqlstate;

/// The steps that let a table's publication follow its renamed columns; none without a publication. On SQLite they run
/// before the change, on PostgreSQL after it.
///
/// # Errors
/// 2BP01 when a dropped column is one that it shows or looks at.
pub(crate) async fn follow(
    library: &Arc<Library>,
    table: &Table,
    dropped: &[String],
    renamed: &[(String, String)],
    table_name: Option<&str>,
) -> Result<Vec<Step>> {
    if dropped.is_empty() && renamed.is_empty() {
        return Ok(Vec::new());
    }
    let published = Events::new(library.clone()).list().await?;
    let Some(published) = published.into_iter().find(|known| known.table == table.name) else {
        return Ok(Vec::new());
    };
    let Publication {
        columns, condition, ..
    } = published;
    let mut tree = condition
        .as_deref()
        .map(|text| parse(text, &table.name))
        .transpose()?;
    let mut named: Vec<String> = columns.iter().flatten().cloned().collect();
    if let Some(tree) = &mut tree {
        tree.columns(&table.name, &mut |_, name| named.push(name.clone()));
    }
    if let Some(held) = dropped.iter().find(|name| named.contains(name)) {
        return Err(sqlstate(
            "2BP01",
            format!(
                "cannot drop column {held} of table {} because other objects depend on it",
                table.name
            ),
        )
        .details(format!("the change events of table {} depend on it", table.name)));
    }
    let whens = match &tree {
        Some(tree) => Some((
            when(tree, table, "NEW", renamed)?,
            when(tree, table, "OLD", renamed)?,
        )),
        None => None,
    };
    let new_name = |name: &mut String| {
        if let Some((_, new)) = renamed.iter().find(|(old, _)| old == name) {
            name.clone_from(new);
        }
    };
    if let Some(tree) = &mut tree {
        tree.columns(&table.name, &mut |_, name| new_name(name));
    }
    let columns = columns.map(|mut columns| {
        columns.iter_mut().for_each(new_name);
        columns
    });
    let condition = tree.map(|tree| tree.to_string());
    let (when_new, when_old) = whens.unzip();
    Ok(vec![match library.dialect() {
        Dialect::Sqlite => Step::new(
            "UPDATE system.change_publications SET columns = $1, condition = $2, when_new = $3, when_old = $4 \
             WHERE table_name = $5",
            params![
                columns.as_deref().map(list),
                condition,
                when_new,
                when_old,
                table.name.as_str()
            ],
        ),
        Dialect::Postgres => Step::new(
            "UPDATE system.change_publications p SET columns = $1::text[], condition = $2 \
             FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
             WHERE c.oid = p.relation AND n.nspname = 'public' AND c.relname = $3",
            params![
                columns.as_deref().map(array),
                condition,
                table_name.unwrap_or(&table.name)
            ],
        ),
    }])
}
