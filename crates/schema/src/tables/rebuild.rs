//! On SQLite: giving a table another definition by making it anew.

use std::sync::Arc;

use busbar_kernel::Result;
use busbar_store::{Dialect, Step, params};
use serde::Deserialize;

use super::definition::{Definition, place};
use crate::catalogue::{Library, Table};
use crate::events::is_event_trigger;
use crate::quote::quoted;
use crate::refusal::sqlstate;

/// An index or trigger with its SQL.
#[derive(Deserialize)]
struct Attached {
    name: String,
    sql: String,
}

/// The steps that replace `table` by `definition`, with its rows. `renamed` pairs old names with new ones. Triggers of
/// change events are left to the caller.
///
/// # Errors
/// 2BP01 when other tables refer to it: SQLite would let their rows follow the old one into the void.
pub(super) async fn rebuild(
    library: &Arc<Library>,
    table: &Table,
    definition: &Definition,
    renamed: &[(String, String)],
) -> Result<Vec<Step>> {
    let catalogue = library.current();
    let mut referring = catalogue.tables("public").into_iter().filter(|other| {
        let refers = other.foreign_keys.iter().any(|key| key.table == table.name);
        // A reference to itself that the new definition drops is no obstacle.
        refers
            && (other.name != table.name || definition.foreign_keys.iter().any(|key| key.table == table.name))
    });
    if let Some(other) = referring.next() {
        return Err(sqlstate(
            "2BP01",
            format!(
                "cannot change table \"{}\" while other tables refer to it",
                table.name
            ),
        )
        .details(format!("table \"{}\" refers to it", other.name))
        .hint("SQLite cannot make this change in place; drop the reference first, or use PostgreSQL"));
    }
    let attached: Vec<Attached> = library
        .db
        .all(
            "SELECT name, sql FROM sqlite_schema WHERE tbl_name = $1 AND type IN ('index', 'trigger') \
             AND sql IS NOT NULL ORDER BY type, name",
            params![table.name.as_str()],
        )
        .await?;
    let new_name = |name: &String| {
        let pair = renamed.iter().find(|(old, _)| old == name);
        pair.map_or_else(|| name.clone(), |(_, new)| new.clone())
    };
    let kept: Vec<(String, String)> = table
        .columns
        .iter()
        .map(|column| (column.name.clone(), new_name(&column.name)))
        .filter(|(_, new)| definition.columns.iter().any(|column| column.name == *new))
        .collect();
    let list = |names: Vec<&String>| {
        names
            .into_iter()
            .map(|name| quoted(name))
            .collect::<Vec<_>>()
            .join(", ")
    };
    let into = list(kept.iter().map(|(_, new)| new).collect());
    let from = list(kept.iter().map(|(old, _)| old).collect());
    let temporary = format!("{}.rebuilt", table.name);
    let (old, new) = (
        place(Dialect::Sqlite, &table.name),
        place(Dialect::Sqlite, &temporary),
    );
    let mut texts = vec![
        definition.create(Dialect::Sqlite, &temporary),
        format!("INSERT INTO {new} ({into}) SELECT {from} FROM {old}"),
        format!("DROP TABLE {old}"),
        format!("ALTER TABLE {new} RENAME TO {old}"),
    ];
    let unique = definition.unique_indexes(Dialect::Sqlite, &table.name);
    let ours = |attached: &Attached| {
        let start = format!("CREATE UNIQUE INDEX {} ", quoted(&attached.name));
        let of_column = table
            .columns
            .iter()
            .any(|column| attached.name == format!("{}_{}_key", table.name, column.name));
        attached.sql.starts_with(&start) && of_column || is_event_trigger(&attached.name)
    };
    texts.extend(
        attached
            .into_iter()
            .filter(|attached| !ours(attached))
            .map(|attached| attached.sql),
    );
    texts.extend(unique);
    Ok(texts.into_iter().map(|sql| Step::new(sql, params![])).collect())
}

/// Tells other readers of the file that policies have changed.
pub(crate) fn bump_policies() -> Step {
    Step::new(
        "UPDATE system.policy_version SET version = version + 1",
        params![],
    )
}
