//! On SQLite: what people's own statements do to tables is read from the catalogue before and after them, never from their
//! text. Row security, policies and publications follow.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use busbar_kernel::Result;
use busbar_store::{RawStatement, Row, params};

use super::follow::{Followed, texts};
use crate::policies::not_asked;
use crate::policy::{StoredPolicy, asks};
use crate::quote::text_literal;

const TABLES: &str = "SELECT m.name AS \"table\", NULL AS \"column\" FROM sqlite_schema m \
 WHERE m.type = 'table' AND m.rootpage > 0 AND instr(m.name, '.') = 0 AND m.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'";
const COLUMNS: &str = "SELECT m.name AS \"table\", c.name AS \"column\" FROM sqlite_schema m \
 JOIN pragma_table_xinfo(m.name) c \
 WHERE m.type = 'table' AND m.rootpage > 0 AND instr(m.name, '.') = 0 AND m.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY m.name, c.cid";
const POLICIES: &str = "SELECT table_name AS \"table\", name, command, permissive, roles, using_sql, check_sql \
 FROM system.policies ORDER BY table_name, name";
/// Everything that is kept by a table's name.
const KEPT: [&str; 3] = ["row_security", "policies", "change_publications"];

/// Tables with their columns, where those are looked at.
type Tables = BTreeMap<String, Vec<String>>;

/// What surrounds a statement that may make, change or drop tables.
pub struct Watch {
    /// What runs before it.
    pub before: RawStatement,
    /// What runs after it; 2BP01 there when a policy still needs what is gone.
    pub after: Vec<RawStatement>,
}

/// Watches one statement, or several that only drop. Columns are looked at when it may rename or drop them.
pub fn watch(columns: bool) -> Watch {
    let tables = if columns { COLUMNS } else { TABLES };
    let found = Arc::new(Mutex::new(Found::default()));
    let (first, second, last) = (found.clone(), found.clone(), found);
    let look = |found: Arc<Mutex<Found>>, after: bool| {
        RawStatement::ours(tables, params![]).then(move |rows| {
            let seen = Some(gathered(rows)?);
            let mut found = found.lock().unwrap_or_else(PoisonError::into_inner);
            match after {
                false => found.before = seen,
                true => found.after = seen,
            }
            Ok(Vec::new())
        })
    };
    let follow = RawStatement::ours(POLICIES, params![]).then(move |rows| {
        let policies: Vec<StoredPolicy> = rows.iter().map(Row::read).collect::<Result<_>>()?;
        let mut found = last.lock().unwrap_or_else(PoisonError::into_inner);
        let (before, after) = (found.before.take(), found.after.take());
        follow(&before.unwrap_or_default(), &after.unwrap_or_default(), &policies)
    });
    Watch {
        before: look(first, false),
        after: vec![look(second, true), follow],
    }
}

#[derive(Default)]
struct Found {
    before: Option<Tables>,
    after: Option<Tables>,
}

fn gathered(rows: &[Row]) -> Result<Tables> {
    let mut tables = Tables::new();
    for row in rows {
        let (table, column): (String, Option<String>) = row.read()?;
        tables.entry(table).or_default().extend(column);
    }
    Ok(tables)
}

/// The statements that let everything follow.
fn follow(before: &Tables, after: &Tables, policies: &[StoredPolicy]) -> Result<Vec<String>> {
    let (gone, new) = (
        missing(before.keys(), |table| after.contains_key(table)),
        missing(after.keys(), |table| before.contains_key(table)),
    );
    let mut done = Vec::new();
    if let ([old], [now]) = (gone.as_slice(), new.as_slice()) {
        done.extend(
            texts(policies, old, &[], &[], Some(now))?
                .into_iter()
                .map(rewritten),
        );
        for kept in KEPT {
            let (old, now) = (text_literal(old), text_literal(now));
            done.push(format!("DELETE FROM \"system.{kept}\" WHERE table_name = {now}"));
            done.push(format!(
                "UPDATE \"system.{kept}\" SET table_name = {now} WHERE table_name = {old}"
            ));
        }
    } else {
        not_asked(&asks(policies), &gone)?;
        for table in &gone {
            let name = text_literal(table);
            done.extend(KEPT.map(|kept| format!("DELETE FROM \"system.{kept}\" WHERE table_name = {name}")));
        }
        for table in &new {
            let name = text_literal(table);
            done.push(format!(
                "INSERT INTO \"system.row_security\" (table_name) VALUES ({name}) ON CONFLICT (table_name) DO NOTHING"
            ));
        }
    }
    for (table, columns) in before {
        let Some(now) = after.get(table) else { continue };
        let dropped = missing(columns, |column| now.contains(column));
        let added = missing(now, |column| columns.contains(column));
        let changed = match (dropped.as_slice(), added.as_slice()) {
            ([], _) => continue,
            ([old], [new]) => texts(policies, table, &[], &[((*old).clone(), (*new).clone())], None)?,
            _ => texts(
                policies,
                table,
                &dropped.into_iter().cloned().collect::<Vec<_>>(),
                &[],
                None,
            )?,
        };
        done.extend(changed.into_iter().map(rewritten));
    }
    if !done.is_empty() {
        done.push("UPDATE \"system.policy_version\" SET version = version + 1".to_owned());
    }
    Ok(done)
}

fn missing<'n>(
    names: impl IntoIterator<Item = &'n String>,
    is_there: impl Fn(&String) -> bool,
) -> Vec<&'n String> {
    names.into_iter().filter(|name| !is_there(name)).collect()
}

fn rewritten(policy: Followed) -> String {
    let text = |text: &Option<String>| text.as_deref().map_or_else(|| "NULL".to_owned(), text_literal);
    format!(
        "UPDATE \"system.policies\" SET using_sql = {}, check_sql = {} WHERE table_name = {} AND name = {}",
        text(&policy.using),
        text(&policy.check),
        text_literal(&policy.table),
        text_literal(&policy.name)
    )
}
