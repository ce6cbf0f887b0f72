//! A table as the renderers need to know it.

use std::sync::Arc;

use busbar_kernel::Result;

use super::ColumnType;
use crate::policy::Policy;
use crate::{refusal, similar};

/// A table or view.
#[derive(Clone, Debug)]
pub struct Table {
    /// Its schema; always `public` on SQLite.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// Whether it is a view.
    pub is_view: bool,
    /// Its columns, in their order.
    pub columns: Vec<Column>,
    /// Positions in `columns`, in the key's order.
    pub primary_key: Vec<usize>,
    /// Every set of columns that no two rows share, the primary key among them.
    pub unique: Vec<Vec<usize>>,
    /// Those of `unique` that are constraints; on SQLite all are.
    pub constraints: Vec<Vec<usize>>,
    /// What it refers to.
    pub foreign_keys: Vec<ForeignKey>,
    /// PostgreSQL's functions of a row of this table, which are read as its columns are.
    pub computed_fields: Vec<Column>,
    /// Of what a function returns: the schema and name of the table whose rows these are.
    pub rows_of: Option<(String, String)>,
    /// Who enforces row security.
    pub security: Security,
    /// The column that every update stamps with the time, by the tables' API's trigger.
    pub stamped: Option<usize>,
    /// Of a simple view of SQLite: the table that its writes go to, with the columns that the view shows.
    pub written_to: Option<Arc<Table>>,
    /// Of such a table: the query of the addresses of the rows that the view shows.
    pub shown_by: Option<String>,
    /// Whether its rows have addresses: on SQLite those of a table `WITHOUT ROWID` have none.
    pub row_ids: bool,
}

/// Who enforces row security.
#[derive(Clone, Debug)]
pub enum Security {
    /// Nobody needs to, or the database does.
    Native {
        /// Whether row security is on.
        enabled: bool,
    },
    /// A view over rows that policies guard, on a database that would not ask them: for administrators alone.
    Closed,
    /// The renderer adds these policies' predicates.
    Rendered(Arc<[Policy]>),
}

/// A column.
#[derive(Clone, Debug)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its type.
    pub kind: ColumnType,
    /// The type as the database writes it.
    pub declared: String,
    /// Whether it takes NULL.
    pub nullable: bool,
    /// The default's SQL.
    pub default: Option<String>,
    /// On SQLite: what we compute faster than its default's SQL.
    pub computed: Option<Computed>,
    /// The database computes it; nobody may write it.
    pub generated: bool,
    /// Of a view: the table's column that it shows as it is.
    pub origin: Option<Origin>,
}

/// A column of a table that a view shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The table's schema.
    pub schema: String,
    /// The table.
    pub table: String,
    /// Its column.
    pub column: String,
}

/// A default that is computed before the statement runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Computed {
    /// A random UUID.
    Uuid,
    /// The moment of the statement.
    Now,
}

/// A reference to another table.
#[derive(Clone, Debug)]
pub struct ForeignKey {
    /// The constraint's name; on SQLite made as PostgreSQL would.
    pub name: String,
    /// The columns that refer.
    pub columns: Vec<String>,
    /// The table they refer to.
    pub table: String,
    /// The columns they refer to.
    pub referenced: Vec<String>,
    /// What happens here when the other row goes.
    pub on_delete: String,
    /// What happens here when the other key changes.
    pub on_update: String,
}

/// The names by which SQLite knows a row's address, each hidden by a column of that name.
pub const ADDRESSES: [&str; 3] = ["rowid", "_rowid_", "oid"];

impl Table {
    /// Whether a column has this name in SQLite's eyes, which see no case.
    pub fn has_column_like(&self, name: &str) -> bool {
        self.columns
            .iter()
            .any(|column| column.name.eq_ignore_ascii_case(name))
    }

    /// The position of a column.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }

    /// A column by name.
    ///
    /// # Errors
    /// 42703.
    pub fn column(&self, name: &str) -> Result<&Column> {
        let found = self.columns.iter().find(|column| column.name == name);
        found.or_else(|| self.computed_field(name)).ok_or_else(|| {
            let error = refusal::undefined_column(&self.name, name);
            let known = self.columns.iter().map(|column| column.name.as_str());
            let meant = similar::columns(known, name).into_iter();
            let meant: Vec<String> = meant
                .map(|column| format!("the column \"{}.{column}\"", self.name))
                .collect();
            if meant.is_empty() {
                return error;
            }
            error.hint(format!("Perhaps you meant to reference {}.", meant.join(" or ")))
        })
    }

    /// A function of the row, which no column hides.
    pub fn computed_field(&self, name: &str) -> Option<&Column> {
        let hidden = self.computed_fields.is_empty() || self.position(name).is_some();
        let mut fields = self.computed_fields.iter().filter(|_| !hidden);
        fields.find(|field| field.name == name)
    }

    /// The schema and name under which the catalogue knows these rows.
    pub fn known_as(&self) -> (&str, &str) {
        match &self.rows_of {
            Some((schema, name)) => (schema, name),
            None => (&self.schema, &self.name),
        }
    }

    /// Whether a value for each of `columns` picks at most one row.
    pub fn is_key(&self, columns: &[usize]) -> bool {
        let contains = |key: &Vec<usize>| key.iter().all(|column| columns.contains(column));
        self.unique.iter().any(contains)
    }

    /// The columns outside `written` whose defaults we compute.
    pub fn computed(&self, written: &[usize]) -> Vec<(usize, Computed)> {
        let columns = self.columns.iter().enumerate();
        let absent = columns.filter(|(at, _)| !written.contains(at));
        absent
            .filter_map(|(at, column)| Some((at, column.computed?)))
            .collect()
    }

    /// Whether the column alone is a key.
    pub fn is_unique(&self, column: usize) -> bool {
        self.unique.iter().any(|key| key == &[column])
    }

    /// Whether row security is on.
    pub fn row_security(&self) -> bool {
        matches!(
            self.security,
            Security::Rendered(_) | Security::Native { enabled: true }
        )
    }
}
