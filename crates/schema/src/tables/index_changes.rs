//! Making and dropping indexes.

use busbar_kernel::{Error, Result};
use busbar_store::{Dialect, Step, params};

use super::Tables;
use super::definition::{place, quoted_list};
use super::names::checked_name;
use crate::catalogue::{change, one_as_administrator};
use crate::quote::quoted;
use crate::refusal::{sqlstate, undefined_column};

/// So many columns one index may have, on either database.
const COLUMNS: usize = 32;
/// PostgreSQL's limit of a name, in bytes.
const NAME: usize = 63;

/// An index to be made.
#[derive(Clone, Debug, Default)]
pub struct NewIndex {
    /// `<table>_<columns>_idx` when there is none.
    pub name: Option<String>,
    /// Its columns, in order.
    pub columns: Vec<String>,
    /// Whether no two rows may share their values.
    pub unique: bool,
}

const HOLDS_CONSTRAINT: &str = "SELECT count(*) > 0 FROM pg_catalog.pg_constraint c \
 JOIN pg_catalog.pg_class x ON x.oid = c.conindid \
 JOIN pg_catalog.pg_namespace n ON n.oid = x.relnamespace \
 WHERE n.nspname = 'public' AND x.relname = $1 AND c.contype IN ('u', 'x')";

impl Tables {
    /// Makes an index of a table in `public`; the answer is its name.
    ///
    /// # Errors
    /// 42P01 and 42703 for what is not there, 42P07 for a name that is taken, 23505 when rows share values that are to
    /// be unique.
    pub async fn create_index(&self, table: &str, index: &NewIndex) -> Result<String> {
        let catalogue = self.library.current();
        let known = catalogue.table("public", table)?;
        if !(1..=COLUMNS).contains(&index.columns.len()) {
            return Err(Error::invalid("columns", "An index has 1 to 32 columns"));
        }
        for (at, column) in index.columns.iter().enumerate() {
            if known.position(column).is_none() {
                return Err(undefined_column(table, column).field(format!("columns.{at}")));
            }
            if index.columns[..at].contains(column) {
                let field = format!("columns.{at}");
                return Err(Error::invalid(field, "The column is in the index already"));
            }
        }
        let name = match index.name.as_deref().filter(|name| !name.is_empty()) {
            Some(name) => checked_name("name", name)?.to_owned(),
            None => default_name(table, &index.columns),
        };
        let sql = format!(
            "CREATE {}INDEX {} ON {} ({})",
            if index.unique { "UNIQUE " } else { "" },
            quoted(&name),
            place(self.library.dialect(), table),
            quoted_list(&index.columns),
        );
        self.changed(table, sql).await?;
        Ok(name)
    }

    /// Drops an index of a table in `public`, and with it the unique constraint that it serves.
    ///
    /// # Errors
    /// 42704 when the table has none of this name, 2BP01 for the primary key's and, on SQLite, for one that is part of
    /// the table's definition.
    pub async fn drop_index(&self, table: &str, name: &str) -> Result<()> {
        let of_schema = self.indexes("public").await?;
        let found = of_schema
            .iter()
            .find(|index| index.table_name == table && index.index_name == name);
        let Some(index) = found else {
            return Err(sqlstate("42704", format!("index \"{name}\" does not exist")));
        };
        if index.is_primary || name.starts_with("sqlite_autoindex_") {
            return Err(sqlstate(
                "2BP01",
                format!("cannot drop index {name} because the definition of table {table} requires it"),
            ));
        }
        let dialect = self.library.dialect();
        let of_constraint = dialect == Dialect::Postgres
            && one_as_administrator(&self.library.db, HOLDS_CONSTRAINT, params![name]).await?;
        let sql = match (dialect, of_constraint) {
            (Dialect::Sqlite, _) => format!("DROP INDEX {}", quoted(name)),
            (Dialect::Postgres, false) => format!("DROP INDEX \"public\".{}", quoted(name)),
            (Dialect::Postgres, true) => {
                format!(
                    "ALTER TABLE {} DROP CONSTRAINT {}",
                    place(dialect, table),
                    quoted(name)
                )
            }
        };
        self.changed(table, sql).await
    }

    async fn changed(&self, table: &str, sql: String) -> Result<()> {
        let steps = vec![Step::new(sql, params![])];
        change(&self.library.db, "public", table, steps).await?;
        self.library.refresh().await
    }
}

fn default_name(table: &str, columns: &[String]) -> String {
    let mut name = format!("{table}_{}", columns.join("_"));
    while name.len() > NAME - "_idx".len() {
        name.pop();
    }
    name.push_str("_idx");
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_default_name_is_cut_to_what_postgresql_takes() {
        assert_eq!(
            default_name("posts", &["author_id".into(), "at".into()]),
            "posts_author_id_at_idx"
        );
        let long = default_name("posts", &["ä".repeat(60)]);
        assert!(long.len() <= NAME && long.ends_with("_idx"), "{long}");
    }
}
