//! Which columns of tables a view of SQLite shows as they are: read from the text that the database keeps.

use std::collections::HashMap;

use sqlparser::ast::{
    Expr, ObjectName, Query, Select, SelectItem, SelectItemQualifiedWildcardKind, SetExpr, Statement,
    TableFactor,
};
use sqlparser::dialect::SQLiteDialect;
use sqlparser::parser::Parser;

use super::table::{Origin, Table};

/// Views of views are followed so far.
const DEEPEST: usize = 32;

/// A column of something a view reads, by name; none is computed.
type Shown = Option<(String, String)>;

/// Fills in the origins of views' columns; `texts` are the views' names and definitions. A view whose text says more
/// than we read of it has none.
pub(super) fn trace(texts: &[(String, String)], tables: &mut [Table]) {
    let shown: HashMap<&str, Vec<Shown>> = texts
        .iter()
        .filter_map(|(name, sql)| {
            let view = tables.iter().find(|table| table.name == *name)?;
            let shown = columns(sql, tables)?;
            (shown.len() == view.columns.len()).then_some((name.as_str(), shown))
        })
        .collect();
    let mut found = Vec::new();
    for (place, table) in tables.iter().enumerate() {
        let Some(columns) = shown.get(table.name.as_str()) else {
            continue;
        };
        for (at, column) in columns.iter().enumerate() {
            if let Some(origin) = base(column.as_ref(), &shown, tables) {
                found.push((place, at, origin));
            }
        }
    }
    for (place, at, origin) in found {
        if let Some(column) = tables.get_mut(place).and_then(|table| table.columns.get_mut(at)) {
            column.origin = Some(origin);
        }
    }
}

/// The table's column that is shown in the end.
fn base(
    shown: Option<&(String, String)>,
    views: &HashMap<&str, Vec<Shown>>,
    tables: &[Table],
) -> Option<Origin> {
    let (mut name, mut column) = shown?.clone();
    for _ in 0..DEEPEST {
        let table = tables.iter().find(|table| table.name == name)?;
        if !table.is_view {
            return Some(Origin {
                schema: table.schema.clone(),
                table: name,
                column,
            });
        }
        let at = table.position(&column)?;
        (name, column) = views.get(name.as_str())?.get(at)?.clone()?;
    }
    None
}

/// What each column of a view shows, in order.
fn columns(sql: &str, tables: &[Table]) -> Option<Vec<Shown>> {
    let mut statements = Parser::parse_sql(&SQLiteDialect {}, sql).ok()?;
    let (Some(Statement::CreateView(view)), true) = (statements.pop(), statements.is_empty()) else {
        return None;
    };
    let Query { with: None, body, .. } = *view.query else {
        return None;
    };
    let SetExpr::Select(select) = *body else {
        return None;
    };
    let sources = sources(&select, tables)?;
    let all = |source: &Source<'_>| -> Vec<Shown> {
        let columns = source.table.columns.iter();
        columns
            .map(|column| Some((source.table.name.clone(), column.name.clone())))
            .collect()
    };
    let mut shown = Vec::new();
    for item in &select.projection {
        match item {
            SelectItem::UnnamedExpr(expression) | SelectItem::ExprWithAlias { expr: expression, .. } => {
                shown.push(column(expression, &sources));
            }
            SelectItem::Wildcard(_) if sources.len() == 1 || !merges(sql) => {
                shown.extend(sources.iter().flat_map(all));
            }
            SelectItem::QualifiedWildcard(SelectItemQualifiedWildcardKind::ObjectName(name), _) => {
                let name = one_name(name)?;
                let source = sources
                    .iter()
                    .find(|source| source.known_as.eq_ignore_ascii_case(&name))?;
                shown.extend(all(source));
            }
            _ => return None,
        }
    }
    Some(shown)
}

/// `USING` and `NATURAL` leave columns out of `*`.
fn merges(sql: &str) -> bool {
    let upper = sql.to_ascii_uppercase();
    upper.contains("USING") || upper.contains("NATURAL")
}

/// A table or view that a view reads.
struct Source<'t> {
    known_as: String,
    table: &'t Table,
}

/// Every table of the `FROM`; none where it reads anything else.
fn sources<'t>(select: &Select, tables: &'t [Table]) -> Option<Vec<Source<'t>>> {
    let factors = select.from.iter().flat_map(|from| {
        let joined = from.joins.iter().map(|join| &join.relation);
        std::iter::once(&from.relation).chain(joined)
    });
    let source = |factor: &TableFactor| {
        let TableFactor::Table {
            name,
            alias,
            args: None,
            ..
        } = factor
        else {
            return None;
        };
        let name = one_name(name)?;
        let table = tables
            .iter()
            .find(|table| table.name.eq_ignore_ascii_case(&name))?;
        Some(Source {
            known_as: alias.as_ref().map_or(name, |alias| alias.name.value.clone()),
            table,
        })
    };
    factors.map(source).collect()
}

fn column(expression: &Expr, sources: &[Source<'_>]) -> Shown {
    let named = |source: &Source<'_>, name: &str| {
        let mut columns = source.table.columns.iter();
        let column = columns.find(|column| column.name.eq_ignore_ascii_case(name))?;
        Some((source.table.name.clone(), column.name.clone()))
    };
    match expression {
        Expr::Identifier(name) => {
            let mut having = sources.iter().filter_map(|source| named(source, &name.value));
            let found = having.next();
            found.filter(|_| having.next().is_none())
        }
        Expr::CompoundIdentifier(names) => match names.as_slice() {
            [table, name] => {
                let mut meant = sources
                    .iter()
                    .filter(|source| source.known_as.eq_ignore_ascii_case(&table.value));
                named(meant.next()?, &name.value)
            }
            _ => None,
        },
        _ => None,
    }
}

/// The name of a table without a schema, or with SQLite's own.
fn one_name(name: &ObjectName) -> Option<String> {
    let parts: Vec<&str> = name
        .0
        .iter()
        .map(|part| part.as_ident().map(|ident| ident.value.as_str()))
        .collect::<Option<_>>()?;
    match parts.as_slice() {
        [name] => Some((*name).to_owned()),
        [schema, name] if schema.eq_ignore_ascii_case("main") => Some((*name).to_owned()),
        _ => None,
    }
}
