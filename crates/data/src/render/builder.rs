//! A statement being written.

use busbar_store::Dialect;

use crate::caller::Role;
use busbar_schema::catalogue::{ColumnType, Table};
use busbar_schema::policy::Claim;
use busbar_schema::quote::quoted;

/// SQL, and where its parameters come from.
#[derive(Clone, Debug, Default)]
pub(crate) struct Statement {
    pub(crate) sql: String,
    pub(crate) slots: Vec<Slot>,
}

/// Where a parameter comes from.
#[derive(Clone, Debug)]
pub(crate) enum Slot {
    /// A literal of the query string, by its place among them.
    Literal {
        index: usize,
        kind: ColumnType,
        form: Form,
    },
    /// The caller.
    Claim(Claim),
    Limit,
    Offset,
    /// A value of the body, by its place.
    Cell(usize),
    /// The body as one JSON document.
    Document,
    /// The moment of the statement, in the form in which SQLite stores moments.
    Now,
    /// A new UUID.
    Uuid,
}

/// How a literal becomes a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    Value,
    /// A pattern of `like`: `*` means `%`.
    Pattern,
    /// The elements of `in`.
    List,
    /// An array literal of values.
    Array,
    /// An array literal of patterns.
    Patterns,
}

pub(crate) struct Builder<'t> {
    pub(super) dialect: Dialect,
    pub(super) table: &'t Table,
    pub(super) role: Role,
    statement: Statement,
    /// How many literals of the query string were used.
    pub(super) literal: usize,
}

impl<'t> Builder<'t> {
    pub(super) fn new(dialect: Dialect, table: &'t Table, role: Role) -> Self {
        Self {
            dialect,
            table,
            role,
            statement: Statement::default(),
            literal: 0,
        }
    }

    pub(super) fn finish(self) -> Statement {
        self.statement
    }

    pub(super) fn push(&mut self, sql: &str) {
        self.statement.sql.push_str(sql);
    }

    pub(super) fn name(&mut self, name: &str) {
        let quoted = quoted(name);
        self.push(&quoted);
    }

    /// A column, qualified by its table.
    pub(super) fn column(&mut self, name: &str) {
        let qualified = column_sql(self.table, name);
        self.push(&qualified);
    }

    /// The table where a statement names it.
    pub(super) fn table_name(&mut self) {
        if self.dialect == Dialect::Postgres {
            self.name(&self.table.schema);
            self.push(".");
        }
        self.name(&self.table.name);
    }

    /// A parameter.
    pub(super) fn slot(&mut self, slot: Slot) {
        self.statement.slots.push(slot);
        let place = format!("${}", self.statement.slots.len());
        self.push(&place);
    }

    /// The moment of the statement; one parameter, however often it is written.
    pub(super) fn now(&mut self) {
        let known = self
            .statement
            .slots
            .iter()
            .position(|slot| matches!(slot, Slot::Now));
        match known {
            Some(at) => self.push(&format!("${}", at + 1)),
            None => self.slot(Slot::Now),
        }
    }

    /// The next literal of the query string as a parameter.
    pub(super) fn next_literal(&mut self, kind: ColumnType, form: Form) {
        let index = self.literal;
        self.literal += 1;
        self.slot(Slot::Literal { index, kind, form });
    }
}

/// A column, qualified by its table.
pub(super) fn column_sql(table: &Table, name: &str) -> String {
    format!("{}.{}", quoted(&table.name), quoted(name))
}
