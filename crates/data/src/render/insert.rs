//! POST and PUT: inserts, and what a duplicate becomes.

use busbar_kernel::Result;
use busbar_store::Dialect;

use super::builder::{Builder, Slot, Statement};
use super::form::RowForm;
use super::guard::{Part, Row, guarded, require};
use super::node::Node;
use super::output::Output;
use super::returning::{groups, returned, shown};
use crate::caller::Role;
use busbar_schema::catalogue::{Computed, Table};
use busbar_schema::policy::Command;
use busbar_schema::quote::{quoted, text_literal};

/// What an insert does.
pub(crate) struct Insert<'r> {
    pub(crate) table: &'r Table,
    pub(crate) role: Role,
    /// Positions of the columns written.
    pub(crate) columns: &'r [usize],
    /// How many rows the statement takes; PostgreSQL takes any number as one document.
    pub(crate) rows: usize,
    pub(crate) conflict: Option<Conflict<'r>>,
    /// What is returned of each row; none returns nothing.
    pub(crate) returning: Option<&'r Node<'r>>,
    pub(crate) form: RowForm<'r>,
}

/// What a duplicate becomes.
#[derive(Clone, Copy)]
pub(crate) enum Conflict<'r> {
    /// It is left out.
    Ignore { target: &'r [usize] },
    /// It changes the old row's `columns`.
    Merge {
        target: &'r [usize],
        columns: &'r [usize],
    },
}

/// A rendered insert.
pub(crate) struct Inserting {
    pub(crate) statement: Statement,
    /// Makes groups of what the statement returned, where they are asked for.
    pub(crate) groups: Option<Statement>,
    pub(crate) outputs: Vec<Output>,
}

/// Renders an insert; the statement returns JSON rows when asked to, and on PostgreSQL, for a merge, whether each row
/// is new.
///
/// # Errors
/// 42703 for a column in `returning` that is not there, 42883 for a function that does not take its column's type.
pub(crate) fn insert(dialect: Dialect, insert: &Insert<'_>) -> Result<Inserting> {
    let mut builder = Builder::new(dialect, insert.table, insert.role);
    // A failing batch is undone as a whole: without OR FAIL SQLite would also keep a journal per statement, and
    // copy every page that its rows touch into it.
    builder.push(match dialect {
        Dialect::Sqlite => "INSERT OR FAIL INTO ",
        Dialect::Postgres => "INSERT INTO ",
    });
    builder.table_name();
    let computed = insert.table.computed(insert.columns);
    if insert.columns.is_empty() && computed.is_empty() {
        builder.push(" DEFAULT VALUES");
    } else {
        let written = insert.columns.iter().copied();
        let all = written.chain(computed.iter().map(|(at, _)| *at));
        let names: Vec<String> = all.map(|at| quoted(&insert.table.columns[at].name)).collect();
        builder.push(&format!(" ({})", names.join(", ")));
        match dialect {
            Dialect::Sqlite => values(&mut builder, insert, &computed),
            Dialect::Postgres => document(&mut builder, insert, &names),
        }
    }
    if let Some(conflict) = insert.conflict.filter(|_| !insert.columns.is_empty()) {
        on_conflict(&mut builder, insert, conflict);
    }
    let outputs = match insert.returning {
        Some(node) => shown(&mut builder, node)?,
        None => Vec::new(),
    };
    returning(&mut builder, insert, &outputs)?;
    Ok(Inserting {
        groups: groups(dialect, &outputs, insert.form)?,
        statement: builder.finish()?,
        outputs,
    })
}

fn values(builder: &mut Builder<'_>, insert: &Insert<'_>, computed: &[(usize, Computed)]) {
    builder.push(" VALUES ");
    let mut cell = 0;
    for row in 0..insert.rows {
        builder.push(if row > 0 { ", (" } else { "(" });
        for column in 0..insert.columns.len() {
            builder.push(if column > 0 { ", " } else { "" });
            builder.slot(Slot::Cell(cell));
            cell += 1;
        }
        for (index, (_, default)) in computed.iter().enumerate() {
            builder.push(if index + insert.columns.len() > 0 {
                ", "
            } else {
                ""
            });
            match default {
                Computed::Uuid => builder.slot(Slot::Uuid),
                Computed::Now => builder.now(),
            }
        }
        builder.push(")");
    }
}

fn document(builder: &mut Builder<'_>, insert: &Insert<'_>, names: &[String]) {
    let qualified: Vec<String> = names.iter().map(|name| format!("\"_b\".{name}")).collect();
    builder.push(&format!(
        " SELECT {} FROM json_to_recordset(",
        qualified.join(", ")
    ));
    builder.slot(Slot::Document);
    builder.push(") AS \"_b\"(");
    builder.push(&definitions(insert.table, insert.columns));
    builder.push(")");
}

/// `"a" integer, "b" text`: how PostgreSQL reads a document's members.
pub(super) fn definitions(table: &Table, columns: &[usize]) -> String {
    let columns = columns.iter().map(|&at| &table.columns[at]);
    let definitions: Vec<String> = columns
        .map(|column| format!("{} {}", quoted(&column.name), column.declared))
        .collect();
    definitions.join(", ")
}

fn on_conflict(builder: &mut Builder<'_>, insert: &Insert<'_>, conflict: Conflict<'_>) {
    let names = |columns: &[usize]| {
        columns
            .iter()
            .map(|&at| insert.table.columns[at].name.clone())
            .collect::<Vec<_>>()
    };
    let list = |columns: &[usize]| {
        names(columns)
            .iter()
            .map(|name| quoted(name))
            .collect::<Vec<_>>()
            .join(", ")
    };
    let (target, merged) = match conflict {
        Conflict::Ignore { target } => (target, None),
        Conflict::Merge { target, columns } => (target, Some(columns)),
    };
    builder.push(&format!(" ON CONFLICT ({}) DO ", list(target)));
    let Some(columns) = merged.filter(|columns| !columns.is_empty()) else {
        builder.push("NOTHING");
        return;
    };
    builder.push("UPDATE SET ");
    for (index, name) in names(columns).iter().enumerate() {
        builder.push(if index > 0 { ", " } else { "" });
        builder.push(&format!("{0} = excluded.{0}", quoted(name)));
    }
    stamp(builder, columns);
    if guarded(builder) {
        builder.push(" WHERE ");
        let written = names(columns);
        let conditions = [
            (Command::Insert, Part::Check, Row::Proposed),
            (Command::Update, Part::Using, Row::Own),
            (Command::Select, Part::Using, Row::Own),
            (Command::Update, Part::Check, Row::Merged(&written)),
            (Command::Select, Part::Using, Row::Merged(&written)),
        ];
        require(builder, &conditions, true);
    }
}

/// Sets the column that updates stamp, unless it is set already: `RETURNING` would not see what the trigger does.
pub(super) fn stamp(builder: &mut Builder<'_>, written: &[usize]) {
    if let (Dialect::Sqlite, Some(column)) = (builder.dialect, builder.table.stamped)
        && !written.contains(&column)
    {
        let name = quoted(&builder.table.columns[column].name);
        builder.push(&format!(", {name} = "));
        builder.now();
    }
}

fn returning<'t>(builder: &mut Builder<'t>, insert: &Insert<'t>, outputs: &[Output]) -> Result<()> {
    let merges = matches!(insert.conflict, Some(Conflict::Merge { .. })) && !insert.columns.is_empty();
    let mut first = true;
    let mut comma = |builder: &mut Builder<'_>| {
        builder.push(if first { " RETURNING " } else { ", " });
        first = false;
    };
    if let Some(node) = insert.returning {
        comma(builder);
        returned(builder, node, outputs, insert.form)?;
    }
    if guarded(builder) {
        comma(builder);
        let check = (Command::Insert, Part::Check, Row::Own);
        let select = (Command::Select, Part::Using, Row::Own);
        if insert.returning.is_some() || insert.conflict.is_some() {
            require(builder, &[check, select], false);
        } else {
            require(builder, &[check], false);
        }
    } else if merges && builder.dialect == Dialect::Postgres && !insert.table.is_view {
        comma(builder);
        let table = quoted(&builder.table.name);
        builder.push(&format!("({table}.xmax = 0)"));
    }
    Ok(())
}

/// On SQLite: how many of the document's keys are there already.
pub(crate) fn count_conflicts(table: &Table, role: Role, target: &[usize]) -> Result<Statement> {
    let mut builder = Builder::new(Dialect::Sqlite, table, role);
    builder.push("SELECT count(*) FROM json_each(");
    builder.slot(Slot::Document);
    builder.push(") AS \"_k\" WHERE EXISTS (SELECT 1 FROM ");
    builder.table_name();
    for (index, &at) in target.iter().enumerate() {
        builder.push(if index > 0 { " AND " } else { " WHERE " });
        builder.column(&table.columns[at].name);
        let path = text_literal(&format!("$[{index}]"));
        builder.push(&format!(" = json_extract(\"_k\".value, {path})"));
    }
    builder.push(")");
    builder.finish()
}
