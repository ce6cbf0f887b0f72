//! A statement being written.

use busbar_kernel::Result;
use busbar_schema::catalogue::{ColumnType, Table};
use busbar_schema::policy::Claim;
use busbar_schema::quote::quoted;
use busbar_store::{Dialect, Sql};

use crate::caller::Role;
use crate::refusal::pgrst;

/// No statement is longer, in bytes: a request that asks for more combines too much.
const LONGEST: usize = 1_000_000;

/// So many tables inside each other PostgreSQL's planner may order as it likes.
const FLATTENED: usize = 5;

/// The most tables joined in one statement: SQLite takes 64.
const MOST_JOINS: usize = 30;

/// SQL, and where its parameters come from.
#[derive(Clone, Debug, Default)]
pub(crate) struct Statement {
    pub(crate) sql: Sql,
    pub(crate) slots: Vec<Slot>,
}

/// Where a parameter comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
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
    /// The number that a parameter of an embed gives, by the parameter's place.
    Below(usize),
    /// The most rows of any list.
    Most,
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
    /// What stands before the table's columns, quoted: its name, or its alias inside an embed.
    pub(super) qualifier: String,
    pub(super) role: Role,
    sql: String,
    slots: Vec<Slot>,
    /// Where literals of the query string are among the parameters, by their place.
    literals: Vec<Option<usize>>,
    /// The number of the next literal.
    pub(super) literal: usize,
    aliases: usize,
    /// What is joined to the rows that are being read, in order.
    pub(super) joins: Vec<String>,
    /// Whether those rows are read by a `FROM`, which can be joined to.
    pub(super) joinable: bool,
    joined: usize,
    /// So many tables are around the one that is written about.
    depth: usize,
    /// The root's name, which no alias may take.
    root: &'t str,
    rows_of: Option<&'t (String, String)>,
}

impl<'t> Builder<'t> {
    pub(super) fn new(dialect: Dialect, table: &'t Table, role: Role) -> Self {
        Self {
            dialect,
            table,
            qualifier: quoted(&table.name),
            role,
            sql: String::new(),
            slots: Vec::new(),
            literals: Vec::new(),
            literal: 0,
            aliases: 0,
            joins: Vec::new(),
            joinable: false,
            joined: 0,
            depth: 0,
            root: &table.name,
            rows_of: table.rows_of.as_ref(),
        }
    }

    /// A builder of a statement whose rows come from a `FROM`.
    pub(super) fn joinable(mut self) -> Self {
        self.joinable = true;
        self
    }

    /// The statement.
    ///
    /// # Errors
    /// `PGRST100` when it has become too long.
    pub(super) fn finish(self) -> Result<Statement> {
        self.bounded()?;
        Ok(Statement {
            sql: self.sql.into(),
            slots: self.slots,
        })
    }

    /// Refuses what is too long already.
    pub(super) fn bounded(&self) -> Result<()> {
        if self.sql.len() > LONGEST {
            return Err(pgrst(
                "PGRST100",
                "The request combines too many columns, embeds and conditions",
            ));
        }
        Ok(())
    }

    pub(super) fn push(&mut self, sql: &str) {
        self.sql.push_str(sql);
    }

    pub(super) fn name(&mut self, name: &str) {
        let quoted = quoted(name);
        self.push(&quoted);
    }

    /// A column, qualified by its table.
    pub(super) fn column(&mut self, name: &str) {
        let qualified = self.column_sql(name);
        self.push(&qualified);
    }

    /// The same, as a text.
    pub(super) fn column_sql(&self, name: &str) -> String {
        match self.table.computed_field(name) {
            None => format!("{}.{}", self.qualifier, quoted(name)),
            Some(_) => {
                let (schema, _) = self.table.known_as();
                let row = self.row_sql(&self.qualifier);
                format!("{}.{}({row})", quoted(schema), quoted(name))
            }
        }
    }

    /// The row around `qualifier` as a value; what a function returned needs to be told what it is.
    pub(super) fn row_sql(&self, qualifier: &str) -> String {
        match &self.rows_of {
            Some((schema, name)) if qualifier == quoted(self.root) => {
                format!("ROW({qualifier}.*)::{}.{}", quoted(schema), quoted(name))
            }
            _ => qualifier.to_owned(),
        }
    }

    /// The table where a statement names it.
    pub(super) fn table_name(&mut self) {
        // What a function returns is in no schema: the statement itself names it.
        if self.dialect == Dialect::Postgres && !self.table.schema.is_empty() {
            self.name(&self.table.schema);
            self.push(".");
        }
        self.name(&self.table.name);
    }

    /// The table where no name of the statement's own can stand for it, and its alias.
    pub(super) fn table_alias(&mut self) {
        if self.dialect == Dialect::Sqlite {
            self.push("main.");
        }
        self.table_name();
        let alias = format!(" AS {}", self.qualifier);
        self.push(&alias);
    }

    /// What `write` writes, for later.
    pub(super) fn fragment(&mut self, write: impl FnOnce(&mut Self) -> Result<()>) -> Result<String> {
        let before = std::mem::take(&mut self.sql);
        let done = write(self).and_then(|()| self.bounded());
        let fragment = std::mem::replace(&mut self.sql, before);
        done.map(|()| fragment)
    }

    /// Writes about another table, under an alias of its own; `write` gets what the outer table is called.
    pub(super) fn inside<R>(&mut self, table: &'t Table, write: impl FnOnce(&mut Self, &str) -> R) -> R {
        let outer_table = std::mem::replace(&mut self.table, table);
        let alias = self.alias();
        let outer = std::mem::replace(&mut self.qualifier, alias);
        let outer_joins = std::mem::take(&mut self.joins);
        let outer_joinable = std::mem::replace(&mut self.joinable, true);
        self.depth += 1;
        let written = write(self, &outer);
        self.depth -= 1;
        self.joinable = outer_joinable;
        self.joins = outer_joins;
        self.qualifier = outer;
        self.table = outer_table;
        written
    }

    /// A name of ours that nothing else in the statement has, quoted.
    pub(super) fn alias(&mut self) -> String {
        self.aliases += 1;
        let alias = format!("_{}", self.aliases);
        if alias == self.root {
            return self.alias();
        }
        quoted(&alias)
    }

    /// Whether PostgreSQL's planner is better kept from looking for the best order of all that is inside each other: it
    /// takes seconds for a dozen tables.
    pub(super) fn is_deep(&self) -> bool {
        self.dialect == Dialect::Postgres && self.depth > FLATTENED
    }

    /// Whether one more table may be joined.
    pub(super) fn may_join(&self) -> bool {
        self.joinable && self.joined < MOST_JOINS
    }

    /// Joins to the rows that are being read.
    pub(super) fn join(&mut self, joins: impl IntoIterator<Item = String>) {
        self.joins.extend(joins);
        self.joined += 1;
    }

    /// Writes what is joined, after the table of a `FROM`.
    pub(super) fn take_joins(&mut self) {
        for join in std::mem::take(&mut self.joins) {
            self.push(&join);
        }
    }

    /// A parameter.
    pub(super) fn slot(&mut self, slot: Slot) {
        self.slots.push(slot);
        let place = format!("${}", self.slots.len());
        self.push(&place);
    }

    /// A parameter that is the same wherever it is written.
    pub(super) fn shared_slot(&mut self, slot: Slot) {
        match self.slots.iter().position(|known| *known == slot) {
            Some(at) => self.push(&format!("${}", at + 1)),
            None => self.slot(slot),
        }
    }

    /// The moment of the statement.
    pub(super) fn now(&mut self) {
        self.shared_slot(Slot::Now);
    }

    /// The next literal of the query string as a parameter; where an embed is written twice, so are its literals.
    pub(super) fn next_literal(&mut self, kind: ColumnType, form: Form) {
        let index = self.literal;
        self.literal += 1;
        if let Some(Some(at)) = self.literals.get(index) {
            let place = format!("${}", at + 1);
            return self.push(&place);
        }
        if self.literals.len() <= index {
            self.literals.resize(index + 1, None);
        }
        self.literals[index] = Some(self.slots.len());
        self.slot(Slot::Literal { index, kind, form });
    }
}
