//! PATCH and DELETE.

use busbar_kernel::Result;
use busbar_store::Dialect;

use super::builder::{Builder, Slot, Statement};
use super::condition::condition;
use super::form::RowForm;
use super::guard::{Part, Row, guard, guarded, require};
use super::insert::{definitions, stamp};
use super::node::Node;
use super::order::{order_by, window};
use super::output::Output;
use super::returning::{groups, returned, shown};
use crate::caller::Role;
use crate::refusal::sqlstate;
use busbar_schema::catalogue::{ADDRESSES, Table};
use busbar_schema::policy::Command;
use busbar_schema::quote::quoted;

/// A write to rows that exist.
pub(crate) struct Change<'r> {
    pub(crate) kind: ChangeKind<'r>,
    pub(crate) table: &'r Table,
    pub(crate) role: Role,
    /// Which rows, and what is shown of them.
    pub(crate) node: &'r Node<'r>,
    pub(crate) returning: bool,
    pub(crate) form: RowForm<'r>,
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

/// A rendered change.
pub(crate) struct Changing {
    /// Reads what is shown before the rows are gone.
    pub(crate) before: Option<Statement>,
    pub(crate) statement: Statement,
    /// Makes groups of what was returned, where they are asked for.
    pub(crate) groups: Option<Statement>,
    pub(crate) outputs: Vec<Output>,
}

/// Renders a change.
///
/// # Errors
/// What the catalogue refuses.
pub(crate) fn change(dialect: Dialect, change: &Change<'_>) -> Result<Changing> {
    let deletes = matches!(change.kind, ChangeKind::Delete);
    // SQLite deletes what refers to a row before it returns the row.
    if dialect == Dialect::Sqlite && deletes && change.returning && change.node.embeds() {
        return read_and_delete(change);
    }
    let mut builder = Builder::new(dialect, change.table, change.role);
    let outputs = if change.returning {
        shown(&mut builder, change.node)?
    } else {
        Vec::new()
    };
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
    returning(&mut builder, change, command, &outputs)?;
    Ok(Changing {
        before: None,
        groups: groups(dialect, &outputs, change.form)?,
        statement: builder.finish()?,
        outputs,
    })
}

fn read_and_delete(change: &Change<'_>) -> Result<Changing> {
    let mut reading = Builder::new(Dialect::Sqlite, change.table, change.role);
    let outputs = shown(&mut reading, change.node)?;
    reading.push("SELECT ");
    returned(&mut reading, change.node, &outputs, change.form)?;
    reading.push(" FROM ");
    reading.table_name();
    picked(&mut reading, change, Command::Delete)?;

    let mut deleting = Builder::new(Dialect::Sqlite, change.table, change.role);
    deleting.push("DELETE FROM ");
    deleting.table_name();
    picked(&mut deleting, change, Command::Delete)?;
    Ok(Changing {
        before: Some(reading.finish()?),
        groups: groups(Dialect::Sqlite, &outputs, change.form)?,
        statement: deleting.finish()?,
        outputs,
    })
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

/// Writes the conditions that pick the rows, directly or, for a limited write, through what tells rows apart.
fn picked<'t>(builder: &mut Builder<'t>, change: &Change<'t>, command: Command) -> Result<()> {
    if !change.node.is_part() {
        return filtered(builder, change, command);
    }
    let table = quoted(&change.table.name);
    let told_by = match builder.dialect {
        Dialect::Sqlite if !change.table.row_ids => key_columns(change.table),
        Dialect::Sqlite => format!("{table}.{}", row_address(change.table)?),
        Dialect::Postgres if change.table.is_view => ordered_columns(builder, change)?,
        // Partitions and children count their rows each from the start.
        Dialect::Postgres => format!("{table}.tableoid, {table}.ctid"),
    };
    builder.push(&format!(" WHERE ({told_by}) IN (SELECT {told_by} FROM "));
    builder.table_name();
    // As on PostgreSQL, the limit counts the rows that the caller sees, also those that are not theirs to write.
    filtered(builder, change, Command::Select)?;
    order_by(builder, change.node, &[])?;
    window(builder, change.node);
    builder.push(")");
    if guarded(builder) {
        builder.push(" AND ");
        guard(builder, command, Part::Using, &Row::Own);
    }
    Ok(())
}

/// What SQLite calls a row's address: a column of that name would hide it, and need not be unique.
fn row_address(table: &Table) -> Result<&'static str> {
    let mut names = ADDRESSES.into_iter();
    names.find(|name| !table.has_column_like(name)).ok_or_else(|| {
        sqlstate(
            "0A000",
            "A limited write needs the address of a row, and columns have taken its names",
        )
        .hint("Rename one of the columns rowid, _rowid_ and oid")
    })
}

/// Rows without an address have a primary key that is never null.
fn key_columns(table: &Table) -> String {
    let column = |at: &usize| format!("{}.{}", quoted(&table.name), quoted(&table.columns[*at].name));
    let columns: Vec<String> = table.primary_key.iter().map(column).collect();
    columns.join(", ")
}

/// Rows of a view have no addresses: what they are ordered by tells them, which is to be unique.
fn ordered_columns(builder: &Builder<'_>, change: &Change<'_>) -> Result<String> {
    let mut columns = Vec::new();
    for term in &change.node.order {
        if term.relation.is_some() || !term.field.path.is_empty() {
            return Err(sqlstate(
                "0A000",
                "A limited write to a view is ordered by columns of the view alone",
            )
            .hint("Apply an 'order' using unique column(s)"));
        }
        columns.push(builder.column_sql(&change.table.column(&term.field.column)?.name));
    }
    Ok(columns.join(", "))
}

fn filtered(builder: &mut Builder<'_>, change: &Change<'_>, command: Command) -> Result<()> {
    let secured = guarded(builder);
    let mut word = " WHERE ";
    for (tree, literal) in &change.node.conditions {
        builder.push(std::mem::replace(&mut word, " AND "));
        builder.literal = *literal;
        condition(builder, tree, &[])?;
    }
    if let Some(rows) = &change.table.shown_by {
        builder.push(std::mem::replace(&mut word, " AND "));
        builder.push(&format!("{}.rowid IN ({rows})", quoted(&change.table.name)));
    }
    if secured {
        builder.push(word);
        guard(builder, command, Part::Using, &Row::Own);
        if command != Command::Select && reads_rows(change) {
            builder.push(" AND ");
            guard(builder, Command::Select, Part::Using, &Row::Own);
        }
    }
    Ok(())
}

/// Whether the statement looks at columns, so that the right to see rows is needed too.
fn reads_rows(change: &Change<'_>) -> bool {
    !change.node.conditions.is_empty() || change.returning || !change.node.order.is_empty()
}

fn returning<'t>(
    builder: &mut Builder<'t>,
    change: &Change<'t>,
    command: Command,
    outputs: &[Output],
) -> Result<()> {
    let mut word = " RETURNING ";
    if change.returning {
        builder.push(word);
        word = ", ";
        returned(builder, change.node, outputs, change.form)?;
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
    Ok(())
}
