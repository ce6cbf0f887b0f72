//! On SQLite: policies follow renamed tables and columns, and hold dropped ones.

use busbar_kernel::{Error, Result};
use busbar_store::{Db, Step, params};

use crate::catalogue::Table;
use crate::policy::{Expression, StoredPolicy, parse, stored};
use crate::refusal::sqlstate;

/// A policy's texts after a change.
pub(super) struct Followed {
    pub(super) table: String,
    pub(super) name: String,
    pub(super) using: Option<String>,
    pub(super) check: Option<String>,
}

/// The steps that let the policies of all tables follow a change of `table`.
///
/// # Errors
/// 2BP01 when a policy speaks of a dropped column.
pub(super) async fn followed(
    db: &Db,
    table: &Table,
    dropped: &[String],
    renamed: &[(String, String)],
    new_name: Option<&str>,
) -> Result<Vec<Step>> {
    if renamed.is_empty() && dropped.is_empty() && new_name.is_none() {
        return Ok(Vec::new());
    }
    let changed = texts(&stored(db).await?, &table.name, dropped, renamed, new_name)?;
    let step = |policy: Followed| {
        Step::new(
            "UPDATE system.policies SET using_sql = $1, check_sql = $2 WHERE table_name = $3 AND name = $4",
            params![policy.using, policy.check, policy.table, policy.name],
        )
    };
    Ok(changed.into_iter().map(step).collect())
}

/// The policies whose texts a change of `table` changes.
///
/// # Errors
/// As [`followed`].
pub(super) fn texts(
    policies: &[StoredPolicy],
    table: &str,
    dropped: &[String],
    renamed: &[(String, String)],
    new_name: Option<&str>,
) -> Result<Vec<Followed>> {
    let mut changed = Vec::new();
    for policy in policies {
        let rewrite = |text: &Option<String>| -> Result<Option<String>> {
            let Some(text) = text else { return Ok(None) };
            let mut tree = parse(text, policy.row())?;
            let mut held = None;
            tree.columns(&policy.table, &mut |of, column| {
                if of != table {
                    return;
                }
                if dropped.contains(column) {
                    held = Some(column.clone());
                }
                if let Some((_, new)) = renamed.iter().find(|(old, _)| old == column) {
                    column.clone_from(new);
                }
            });
            if let Some(column) = held {
                return Err(depends(&column, table, &policy.name, &policy.table));
            }
            if let Some(new) = new_name {
                rename(&mut tree, &policy.table, table, new)?;
            }
            Ok(Some(tree.to_string()))
        };
        let (using, check) = (rewrite(&policy.using_sql)?, rewrite(&policy.check_sql)?);
        if using != policy.using_sql || check != policy.check_sql {
            changed.push(Followed {
                table: policy.table.clone(),
                name: policy.name.clone(),
                using,
                check,
            });
        }
    }
    Ok(changed)
}

/// A table has another name: where subqueries ask it, and where they speak of the policy's own row.
fn rename(tree: &mut Expression, own: &str, old: &str, new: &str) -> Result<()> {
    tree.sources(&mut |asked| {
        if asked == old {
            new.clone_into(asked);
        }
    });
    if own != old {
        return Ok(());
    }
    tree.walk(&mut Vec::new(), &mut |leaf, scopes| {
        if let Expression::Of(row, _) = leaf
            && row == old
            && !scopes.iter().flatten().any(|source| source.alias == old)
        {
            new.clone_into(row);
        }
        Ok(())
    })
}

fn depends(column: &str, table: &str, policy: &str, of: &str) -> Error {
    sqlstate(
        "2BP01",
        format!("cannot drop column {column} of table {table} because other objects depend on it"),
    )
    .details(format!("policy {policy} on table {of} depends on it"))
}
