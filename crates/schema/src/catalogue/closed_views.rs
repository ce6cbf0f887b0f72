//! Which views of SQLite are for administrators alone: SQLite asks no policies inside a view.

use std::collections::HashSet;

use busbar_store::{Dialect, SYSTEM_SCHEMAS, TokenKind, statements};

use super::table::{Security, Table};

/// Closes every view that names a guarded table, a table that is hidden, a table of the system, or a view that is closed.
/// `views` are names and texts.
pub(super) fn close<'h>(
    tables: &mut [Table],
    hidden: impl Iterator<Item = &'h str>,
    views: &[(String, String)],
) {
    let guarded = tables.iter().filter(|table| table.row_security());
    let guarded = guarded.map(|table| table.name.to_lowercase());
    let mut guarded: HashSet<String> = guarded.chain(hidden.map(str::to_lowercase)).collect();
    let mut open: Vec<(String, HashSet<String>)> = views
        .iter()
        .map(|(view, sql)| (view.to_lowercase(), names(sql)))
        .collect();
    loop {
        let before = open.len();
        open.retain(|(view, names)| {
            let mut others = names.iter().filter(|name| *name != view);
            let closed = others.any(|name| guarded.contains(name) || is_system(name));
            if closed {
                guarded.insert(view.clone());
            }
            !closed
        });
        if open.len() == before {
            break;
        }
    }
    for table in tables.iter_mut().filter(|table| table.is_view) {
        if guarded.contains(&table.name.to_lowercase()) {
            table.security = Security::Closed;
        }
    }
}

/// Everything in a text that can be a name; SQLite takes texts for names too.
fn names(sql: &str) -> HashSet<String> {
    let cut = statements(sql, Dialect::Sqlite);
    let tokens = cut.iter().flat_map(|statement| &statement.tokens);
    tokens
        .filter(|token| token.kind != TokenKind::Mark)
        .map(|token| token.text.to_lowercase())
        .collect()
}

/// Tables of the system: qualified, or as the one name that they have on SQLite; and what SQLite itself tells of all
/// tables.
fn is_system(name: &str) -> bool {
    let schema = name.split('.').next().unwrap_or_default();
    SYSTEM_SCHEMAS.contains(&schema) || name.starts_with("sqlite_") || name.starts_with("pragma_")
}
