//! PATCH and DELETE.

use busbar_kernel::Result;
use busbar_store::Dialect;

use super::builder::{Builder, Slot, Statement};
use super::condition::conditions;
use super::guard::{Part, Row, guard, guarded, require};
use super::insert::{definitions, stamp};
use super::output::{Output, outputs, row_json};
use super::read::{order_by, window};
use crate::caller::Role;
use crate::grammar::{Item, Term, Tree};
use busbar_schema::catalogue::Table;
use busbar_schema::policy::Command;
use busbar_schema::quote::quoted;

/// A write to rows that exist.
pub(crate) struct Change<'r> {
    pub(crate) kind: ChangeKind<'r>,
    pub(crate) table: &'r Table,
    pub(crate) role: Role,
    pub(crate) conditions: &'r [Tree<'r>],
    pub(crate) order: &'r [Term],
    pub(crate) has_limit: bool,
    pub(crate) has_offset: bool,
    pub(crate) returning: Option<&'r [Item]>,
    pub(crate) nulls_stripped: bool,
}

/// What happens to the rows.
pub(crate) enum ChangeKind<'r> {
    Delete,
    Update {
        /// Positions of the columns that the body sets.
        columns: &'r [usize],
        /// Positions of the columns that go back to their default.
        defaults: &'r [usize],
    },
}

/// Renders a change.
///
/// # Errors
/// What the catalogue refuses.
pub(crate) fn change(dialect: Dialect, change: &Change<'_>) -> Result<(Statement, Vec<Output>)> {
    let outputs = match change.returning {
        Some(items) => outputs(dialect, change.table, items)?,
        None => Vec::new(),
    };
    let mut builder = Builder::new(dialect, change.table, change.role);
    let command = match change.kind {
        ChangeKind::Delete => {
            builder.push("DELETE FROM ");
            builder.table_name();
            Command::Delete
        }
        ChangeKind::Update { columns, defaults } => {
            set(&mut builder, columns, defaults);
            Command::Update
        }
    };
    picked(&mut builder, change, command)?;
    returning(&mut builder, change, command, &outputs);
    Ok((builder.finish(), outputs))
}

fn set(builder: &mut Builder<'_>, columns: &[usize], defaults: &[usize]) {
    // As in `insert`: the batch is undone as a whole, so no journal per statement is needed.
    builder.push(match builder.dialect {
        Dialect::Sqlite => "UPDATE OR FAIL ",
        Dialect::Postgres => "UPDATE ",
    });
    builder.table_name();
    builder.push(" SET ");
    let table = builder.table;
    for (index, &at) in columns.iter().enumerate() {
        let name = quoted(&table.columns[at].name);
        builder.push(if index > 0 { ", " } else { "" });
        match builder.dialect {
            // Our own stamp of the time wins over the client's, as the trigger's does on PostgreSQL.
            Dialect::Sqlite if table.stamped == Some(at) => {
                builder.push(&format!("{name} = "));
                builder.now();
            }
            Dialect::Sqlite => {
                builder.push(&format!("{name} = "));
                builder.slot(Slot::Cell(index));
            }
            Dialect::Postgres => builder.push(&format!("{name} = \"_b\".{name}")),
        }
    }
    for (index, &at) in defaults.iter().enumerate() {
        let column = &table.columns[at];
        builder.push(if index > 0 || !columns.is_empty() {
            ", "
        } else {
            ""
        });
        let value = match (builder.dialect, &column.default) {
            (Dialect::Postgres, _) => "DEFAULT".to_owned(),
            (Dialect::Sqlite, Some(sql)) => format!("({sql})"),
            (Dialect::Sqlite, None) => "NULL".to_owned(),
        };
        builder.push(&format!("{} = {value}", quoted(&column.name)));
    }
    let written: Vec<usize> = columns.iter().chain(defaults).copied().collect();
    stamp(builder, &written);
    if builder.dialect == Dialect::Postgres && !columns.is_empty() {
        builder.push(" FROM json_to_record(");
        builder.slot(Slot::Document);
        builder.push(&format!(") AS \"_b\"({})", definitions(table, columns)));
    }
}

/// Writes the conditions that pick the rows, directly or, for a limited write, through their addresses.
fn picked(builder: &mut Builder<'_>, change: &Change<'_>, command: Command) -> Result<()> {
    if !change.has_limit && !change.has_offset {
        return filtered(builder, change, command);
    }
    let address = match builder.dialect {
        Dialect::Sqlite => "rowid",
        Dialect::Postgres => "ctid",
    };
    let table = quoted(&change.table.name);
    let (open, close) = match builder.dialect {
        Dialect::Sqlite => ("IN (", ")"),
        Dialect::Postgres => ("= ANY(ARRAY(", "))"),
    };
    builder.push(&format!(
        " WHERE {table}.{address} {open}SELECT {table}.{address} FROM "
    ));
    builder.table_name();
    filtered(builder, change, command)?;
    order_by(builder, change.order)?;
    window(builder, change.has_limit, change.has_offset);
    builder.push(close);
    Ok(())
}

fn filtered(builder: &mut Builder<'_>, change: &Change<'_>, command: Command) -> Result<()> {
    let secured = guarded(builder);
    if change.conditions.is_empty() && !secured {
        return Ok(());
    }
    builder.push(" WHERE ");
    let any = conditions(builder, change.conditions)?;
    if secured {
        builder.push(if any { " AND " } else { "" });
        guard(builder, command, Part::Using, &Row::Own);
        if reads_rows(change) {
            builder.push(" AND ");
            guard(builder, Command::Select, Part::Using, &Row::Own);
        }
    }
    Ok(())
}

/// Whether the statement looks at columns, so that the right to see rows is needed too.
fn reads_rows(change: &Change<'_>) -> bool {
    !change.conditions.is_empty() || change.returning.is_some() || !change.order.is_empty()
}

fn returning(builder: &mut Builder<'_>, change: &Change<'_>, command: Command, outputs: &[Output]) {
    let mut word = " RETURNING ";
    if change.returning.is_some() {
        builder.push(word);
        word = ", ";
        match builder.dialect {
            Dialect::Sqlite => row_json(builder, outputs, change.nulls_stripped, ""),
            Dialect::Postgres => {
                builder.push("(");
                row_json(builder, outputs, change.nulls_stripped, ") \"_r\")");
            }
        }
    }
    if command == Command::Update && guarded(builder) {
        builder.push(word);
        let check = (Command::Update, Part::Check, Row::Own);
        let select = (Command::Select, Part::Using, Row::Own);
        if reads_rows(change) {
            require(builder, &[check, select], false);
        } else {
            require(builder, &[check], false);
        }
    }
}
