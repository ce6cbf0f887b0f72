//! A table as the renderers need to know it.

use busbar_kernel::Result;

use super::ColumnType;
use crate::policy::Policy;
use crate::refusal;

/// A table or view.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    pub(crate) schema: String,
    pub(crate) name: String,
    pub(crate) is_view: bool,
    pub(crate) columns: Vec<Column>,
    /// Positions in `columns`, in the key's order.
    pub(crate) primary_key: Vec<usize>,
    /// Every set of columns that no two rows share, the primary key among them.
    pub(crate) unique: Vec<Vec<usize>>,
    pub(crate) foreign_keys: Vec<ForeignKey>,
    pub(crate) security: Security,
    /// The column that every update stamps with the time, by the tables' API's trigger.
    pub(crate) stamped: Option<usize>,
}

/// Who enforces row security.
#[derive(Clone, Debug)]
pub(crate) enum Security {
    /// Nobody needs to, or the database does.
    Native {
        /// Whether row security is on.
        enabled: bool,
    },
    /// The renderer adds these policies' predicates.
    Rendered(Vec<Policy>),
}

/// A column.
#[derive(Clone, Debug)]
pub(crate) struct Column {
    pub(crate) name: String,
    pub(crate) kind: ColumnType,
    /// The type as the database writes it.
    pub(crate) declared: String,
    pub(crate) nullable: bool,
    /// The default's SQL.
    pub(crate) default: Option<String>,
    /// On SQLite: what we compute faster than its default's SQL.
    pub(crate) computed: Option<Computed>,
    /// The database computes it; nobody may write it.
    pub(crate) generated: bool,
}

/// A default that is computed before the statement runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Computed {
    /// A random UUID.
    Uuid,
    /// The moment of the statement.
    Now,
}

/// A reference to another table.
#[derive(Clone, Debug)]
pub(crate) struct ForeignKey {
    pub(crate) name: String,
    pub(crate) columns: Vec<String>,
    pub(crate) table: String,
    pub(crate) referenced: Vec<String>,
    pub(crate) on_delete: String,
    pub(crate) on_update: String,
}

impl Table {
    /// The position of a column.
    pub(crate) fn position(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }

    /// A column by name.
    ///
    /// # Errors
    /// 42703.
    pub(crate) fn column(&self, name: &str) -> Result<&Column> {
        let found = self.columns.iter().find(|column| column.name == name);
        found.ok_or_else(|| refusal::undefined_column(&self.name, name))
    }

    /// Whether a value for each of `columns` picks at most one row.
    pub(crate) fn is_key(&self, columns: &[usize]) -> bool {
        let contains = |key: &Vec<usize>| key.iter().all(|column| columns.contains(column));
        self.unique.iter().any(contains)
    }

    /// The columns outside `written` whose defaults we compute.
    pub(crate) fn computed(&self, written: &[usize]) -> Vec<(usize, Computed)> {
        let columns = self.columns.iter().enumerate();
        let absent = columns.filter(|(at, _)| !written.contains(at));
        absent
            .filter_map(|(at, column)| Some((at, column.computed?)))
            .collect()
    }

    pub(crate) fn is_unique(&self, column: usize) -> bool {
        self.unique.iter().any(|key| key == &[column])
    }

    pub(crate) fn row_security(&self) -> bool {
        matches!(
            self.security,
            Security::Rendered(_) | Security::Native { enabled: true }
        )
    }
}
