//! Listing views.

use busbar_kernel::Result;
use busbar_schema::catalogue::all_as_administrator;
use busbar_store::{Dialect, params};
use serde::Deserialize;
use sqlparser::ast::Statement;
use sqlparser::dialect::SQLiteDialect;
use sqlparser::parser::Parser;

use super::Listing;

/// A view.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
pub struct ViewDescription {
    /// Its name.
    pub name: String,
    /// The query behind it.
    pub definition: String,
}

const SQLITE: &str = "SELECT name, sql AS definition FROM sqlite_schema WHERE type = 'view' AND sql IS NOT NULL \
 AND instr(name, '.') = 0 ORDER BY name LIMIT 10000";

const POSTGRES: &str = "SELECT c.relname::text AS name, pg_catalog.pg_get_viewdef(c.oid) AS definition \
 FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
 WHERE n.nspname = 'public' AND c.relkind IN ('v', 'm') \
 AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e') ORDER BY 1 LIMIT 10000";

impl Listing {
    /// The views of `public`, at most 10,000.
    ///
    /// # Errors
    /// The database's.
    pub async fn views(&self) -> Result<Vec<ViewDescription>> {
        let db = &self.schema.library.db;
        match db.dialect() {
            Dialect::Postgres => all_as_administrator(db, POSTGRES, params![]).await,
            Dialect::Sqlite => {
                let made: Vec<ViewDescription> = db.all(SQLITE, params![]).await?;
                let query = |view: ViewDescription| ViewDescription {
                    definition: query(&view.definition).unwrap_or(view.definition),
                    name: view.name,
                };
                Ok(made.into_iter().map(query).collect())
            }
        }
    }
}

/// The query of a `CREATE VIEW`, unless it is of a sort that the parser does not know.
fn query(sql: &str) -> Option<String> {
    let parsed = Parser::parse_sql(&SQLiteDialect {}, sql).ok()?;
    match parsed.into_iter().next()? {
        Statement::CreateView(view) => Some(view.query.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_query_is_told_without_what_names_it() {
        assert_eq!(
            query("CREATE VIEW \"as it is\" (a) AS SELECT b FROM c").as_deref(),
            Some("SELECT b FROM c")
        );
    }
}
