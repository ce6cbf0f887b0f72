//! Views of SQLite that can be written through, as PostgreSQL writes through such views: columns of one table as they are.

use std::collections::HashSet;
use std::sync::Arc;

use sqlparser::ast::{GroupByExpr, Ident, Query, Select, SetExpr, Statement, TableFactor};
use sqlparser::dialect::SQLiteDialect;
use sqlparser::parser::Parser;

use super::table::{ADDRESSES, Column, ForeignKey, Table};
use crate::quote::quoted;

/// Says of each simple view which table its writes go to. `texts` are the views' names and definitions; a view in
/// `triggered` has triggers of its own for that. Origins of columns are known already.
pub(super) fn find(texts: &[(String, String)], triggered: &HashSet<String>, tables: &mut [Table]) {
    let found: Vec<(usize, Table)> = texts
        .iter()
        .filter(|(name, _)| !triggered.contains(name))
        .filter_map(|(name, sql)| {
            let place = tables.iter().position(|table| table.name == *name)?;
            Some((place, behind(&tables[place], sql, tables)?))
        })
        .collect();
    for (place, table) in found {
        if let Some(view) = tables.get_mut(place) {
            view.written_to = Some(Arc::new(table));
        }
    }
}

/// The table behind a view, with the columns that the view shows.
fn behind(view: &Table, sql: &str, tables: &[Table]) -> Option<Table> {
    let name = &view.columns.first()?.origin.as_ref()?.table;
    let table = tables
        .iter()
        .find(|table| table.name == *name && !table.is_view)?;
    // Rows are told by their address, and a column that hides it would stand in its place.
    if !table.row_ids || ADDRESSES.iter().any(|name| table.has_column_like(name)) {
        return None;
    }
    // The table as it is: a column under another name or another table's column is not simple.
    let same = |column: &Column| {
        let origin = column.origin.as_ref();
        origin.is_some_and(|origin| origin.table == *name && origin.column == column.name)
    };
    if !view.columns.iter().all(same) {
        return None;
    }
    let shown = rows(sql, name)?;
    let columns: Vec<Column> = view
        .columns
        .iter()
        .map(|column| table.column(&column.name).cloned().ok())
        .collect::<Option<_>>()?;
    let place = |at: &usize| view.position(&table.columns.get(*at)?.name);
    let whole = |key: &Vec<usize>| key.iter().map(place).collect::<Option<Vec<usize>>>();
    let keys = |keys: &[Vec<usize>]| keys.iter().filter_map(whole).collect::<Vec<_>>();
    let seen = |key: &&ForeignKey| key.columns.iter().all(|name| view.position(name).is_some());
    Some(Table {
        columns,
        primary_key: whole(&table.primary_key).unwrap_or_default(),
        unique: keys(&table.unique),
        constraints: keys(&table.constraints),
        foreign_keys: table.foreign_keys.iter().filter(seen).cloned().collect(),
        stamped: table.stamped.as_ref().and_then(place),
        shown_by: Some(shown),
        ..table.clone()
    })
}

/// The query of the addresses of the rows that a view over one table shows; none when the view is not simple.
fn rows(sql: &str, table: &str) -> Option<String> {
    let mut statements = Parser::parse_sql(&SQLiteDialect {}, sql).ok()?;
    let (Some(Statement::CreateView(view)), true) = (statements.pop(), statements.is_empty()) else {
        return None;
    };
    let Query {
        with: None,
        body,
        limit_clause: None,
        fetch: None,
        ..
    } = *view.query
    else {
        return None;
    };
    let SetExpr::Select(select) = *body else {
        return None;
    };
    let Select {
        distinct: None,
        having: None,
        group_by: GroupByExpr::Expressions(groups, _),
        from,
        selection,
        ..
    } = *select
    else {
        return None;
    };
    let [only] = from.as_slice() else { return None };
    let TableFactor::Table {
        alias, args: None, ..
    } = &only.relation
    else {
        return None;
    };
    if !groups.is_empty() || !only.joins.is_empty() {
        return None;
    }
    let known_as = alias
        .as_ref()
        .map_or_else(|| quoted(table), |alias| own(&alias.name));
    let condition = selection.map_or_else(String::new, |condition| format!(" WHERE {condition}"));
    Some(format!("SELECT {known_as}.rowid FROM {only}{condition}"))
}

fn own(name: &Ident) -> String {
    quoted(&name.value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_table_with_a_condition_is_simple() {
        for (view, expected) in [
            (
                "SELECT id, name FROM goods",
                Some("SELECT \"goods\".rowid FROM goods"),
            ),
            (
                "SELECT g.id FROM goods AS g WHERE g.price < 10 AND name LIKE 'a%'",
                Some("SELECT \"g\".rowid FROM goods AS g WHERE g.price < 10 AND name LIKE 'a%'"),
            ),
            (
                "SELECT id FROM goods ORDER BY id",
                Some("SELECT \"goods\".rowid FROM goods"),
            ),
            ("SELECT DISTINCT id FROM goods", None),
            ("SELECT id FROM goods LIMIT 5", None),
            ("SELECT id FROM goods GROUP BY id", None),
            ("SELECT id FROM goods, others", None),
            ("SELECT id FROM goods JOIN others USING (id)", None),
            ("SELECT id FROM goods UNION SELECT id FROM goods", None),
            ("WITH x AS (SELECT 1) SELECT id FROM goods", None),
            ("SELECT id FROM (SELECT id FROM goods)", None),
        ] {
            let found = rows(&format!("CREATE VIEW v AS {view}"), "goods");
            assert_eq!(found.as_deref(), expected, "{view}");
        }
    }
}
