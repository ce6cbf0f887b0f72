//! Which columns of tables a view of PostgreSQL shows as they are: read from the parsed query that the database keeps.

use std::collections::HashMap;

use busbar_kernel::Result;
use busbar_store::Db;
use serde::Deserialize;

use super::administered::all_as_administrator;
use super::table::{Origin, Table};

/// Views of views are followed so far.
const DEEPEST: usize = 32;

/// A view's query.
#[derive(Deserialize)]
struct RuleRow {
    id: i64,
    schema_name: String,
    view_name: String,
    action: String,
}

/// A column of anything.
#[derive(Deserialize)]
struct NumberedRow {
    id: i64,
    number: i64,
    schema_name: String,
    table_name: String,
    column_name: String,
}

/// One entry of a query's select list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Entry {
    number: i64,
    /// The relation and the column it comes from; zero when it is computed.
    table: i64,
    column: i64,
}

/// Fills in the origins of views' columns; `people` leaves out the schemas that are nobody's.
///
/// # Errors
/// The database's.
pub(super) async fn trace(db: &Db, people: &str, tables: &mut [Table]) -> Result<()> {
    if !tables.iter().any(|table| table.is_view) {
        return Ok(());
    }
    let rules = format!(
        "SELECT c.oid::bigint AS id, n.nspname::text AS schema_name, c.relname::text AS view_name, \
          r.ev_action::text AS action \
         FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class JOIN pg_namespace n ON n.oid = c.relnamespace \
         WHERE c.relkind IN ('v', 'm') AND r.ev_type = '1' AND {people}"
    );
    let numbers = format!(
        "SELECT c.oid::bigint AS id, a.attnum::bigint AS number, n.nspname::text AS schema_name, \
          c.relname::text AS table_name, a.attname::text AS column_name \
         FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace \
         WHERE c.relkind IN ('r', 'p', 'f') AND a.attnum > 0 AND NOT a.attisdropped AND {people}"
    );
    let rules: Vec<RuleRow> = all_as_administrator(db, &rules, Vec::new()).await?;
    let numbers: Vec<NumberedRow> = all_as_administrator(db, &numbers, Vec::new()).await?;
    let columns: HashMap<(i64, i64), &NumberedRow> =
        numbers.iter().map(|row| ((row.id, row.number), row)).collect();
    let views: HashMap<i64, Vec<Entry>> = rules
        .iter()
        .map(|rule| (rule.id, entries(&rule.action)))
        .collect();
    for rule in &rules {
        let named = |table: &&mut Table| table.schema == rule.schema_name && table.name == rule.view_name;
        let Some(view) = tables.iter_mut().find(named) else {
            continue;
        };
        for entry in views.get(&rule.id).into_iter().flatten() {
            let at = usize::try_from(entry.number - 1).ok();
            let column = at.and_then(|at| view.columns.get_mut(at));
            let origin = base(&views, *entry).and_then(|place| columns.get(&place));
            if let (Some(column), Some(origin)) = (column, origin) {
                column.origin = Some(Origin {
                    schema: origin.schema_name.clone(),
                    table: origin.table_name.clone(),
                    column: origin.column_name.clone(),
                });
            }
        }
    }
    Ok(())
}

/// The table's column that an entry shows in the end.
fn base(views: &HashMap<i64, Vec<Entry>>, entry: Entry) -> Option<(i64, i64)> {
    let mut place = (entry.table, entry.column);
    for _ in 0..DEEPEST {
        let Some(view) = views.get(&place.0) else {
            return Some(place);
        };
        let below = view.iter().find(|entry| entry.number == place.1)?;
        place = (below.table, below.column);
    }
    None
}

/// The select list of the outermost query of a rule's action.
fn entries(action: &str) -> Vec<Entry> {
    let mut found = Vec::new();
    let (mut depth, mut listed, mut key, mut entry) = (0, false, "", Entry::default());
    for token in tokens(action) {
        match token {
            "{" | "(" => {
                // `({QUERY … :targetList ({TARGETENTRY …} …) …})`
                listed = listed || (depth == 2 && key == ":targetList");
                depth += 1;
                if depth == 4 {
                    entry = Entry::default();
                }
            }
            "}" | ")" => {
                if listed && depth == 4 {
                    found.push(entry);
                }
                if depth == 3 {
                    listed = false;
                }
                depth -= 1;
            }
            word => {
                let number = || word.parse().unwrap_or(0);
                match key {
                    ":resno" if depth == 4 => entry.number = number(),
                    ":resorigtbl" if depth == 4 => entry.table = number(),
                    ":resorigcol" if depth == 4 => entry.column = number(),
                    _ => {}
                }
                if depth == 2 || depth == 4 {
                    key = word;
                }
            }
        }
    }
    found
}

/// Braces, brackets and the words between them; a backslash makes any character part of a word.
fn tokens(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        rest = rest.trim_start();
        let first = rest.chars().next()?;
        let mut length = first.len_utf8();
        if !is_mark(first) {
            let mut escaped = false;
            let ends = |(_, c): &(usize, char)| {
                let end = !escaped && (is_mark(*c) || c.is_whitespace());
                escaped = !escaped && *c == '\\';
                end
            };
            length = rest.char_indices().find(ends).map_or(rest.len(), |(at, _)| at);
        }
        let (token, after) = rest.split_at(length);
        rest = after;
        Some(token)
    })
}

fn is_mark(c: char) -> bool {
    matches!(c, '{' | '}' | '(' | ')')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_outer_select_list_is_read() {
        let action = "({QUERY :commandType 1 :cteList ({CTE :q {QUERY :targetList ({TARGETENTRY :resno 9 :resorigtbl 9})}}) \
                      :targetList ({TARGETENTRY :expr {VAR :varno 1 :resno 7} :resno 1 :resname a\\ \\(b :resorigtbl 16390 \
                      :resorigcol 2 :resjunk false} {TARGETENTRY :expr {CONST :constvalue 4 [ 1 0 ]} :resno 2 :resname n \
                      :resorigtbl 0 :resorigcol 0 :resjunk false}) :override 0 :returningList ({TARGETENTRY :resno 5})})";
        let entry = |number, table, column| Entry {
            number,
            table,
            column,
        };
        assert_eq!(entries(action), [entry(1, 16390, 2), entry(2, 0, 0)]);
        assert!(entries("").is_empty());
        assert!(entries("))}{(").is_empty());
    }

    #[test]
    fn views_of_views_are_followed() {
        let entry = |number, table, column| Entry {
            number,
            table,
            column,
        };
        let views = HashMap::from([
            (2, vec![entry(1, 1, 5)]),
            (3, vec![entry(1, 2, 1)]),
            (4, vec![entry(1, 4, 1)]),
        ]);
        assert_eq!(base(&views, entry(1, 3, 1)), Some((1, 5)));
        assert_eq!(base(&views, entry(1, 4, 1)), None);
    }
}
