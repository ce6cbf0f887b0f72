//! Dropping a table.

use busbar_kernel::Result;
use busbar_store::{Dialect, Step, params};

use super::Tables;
use super::definition::{Definition, place};
use super::rebuild::{bump_policies, rebuild};
use crate::catalogue::change;
use crate::events;
use crate::policies::not_asked;

impl Tables {
    /// Drops a table, its policies, and the references of other tables to it; the answer is whether there was one.
    ///
    /// # Errors
    /// `PGRST106` for a schema that is not exposed; 2BP01 when another table's policy asks it; on SQLite 2BP01 also when a table that refers to it is itself referred
    /// to.
    pub async fn drop(&self, schema: &str, name: &str) -> Result<bool> {
        let catalogue = self.library.current();
        let Ok(table) = catalogue.table(schema, name) else {
            return Ok(false);
        };
        if schema == "public" {
            not_asked(catalogue.asks(), &[name])?;
        }
        let dialect = self.library.dialect();
        let mut steps = Vec::new();
        match dialect {
            Dialect::Postgres => {
                let place = format!(
                    "{}.{}",
                    crate::quote::quoted(schema),
                    crate::quote::quoted(&table.name)
                );
                let what = if table.is_view { "VIEW" } else { "TABLE" };
                steps.push(Step::new(format!("DROP {what} {place} CASCADE"), params![]));
            }
            Dialect::Sqlite if table.is_view => {
                steps.push(Step::new(
                    format!("DROP VIEW {}", place(dialect, name)),
                    params![],
                ));
            }
            Dialect::Sqlite => {
                // Dropping would delete the other tables' rows where they follow: their references go first.
                for other in catalogue.tables("public") {
                    let refers = other.foreign_keys.iter().any(|key| key.table == name);
                    if refers && other.name != name {
                        let mut definition = Definition::of(other);
                        definition.foreign_keys.retain(|key| key.table != name);
                        steps.extend(rebuild(&self.library, other, &definition, &[]).await?);
                    }
                }
                steps.push(Step::new(
                    format!("DROP TABLE {}", place(dialect, name)),
                    params![],
                ));
                for sql in [
                    "DELETE FROM system.row_security WHERE table_name = $1",
                    "DELETE FROM system.policies WHERE table_name = $1",
                ] {
                    steps.push(Step::new(sql, params![name]));
                }
                steps.push(events::forget(name));
                if !catalogue.published().is_empty() {
                    steps.push(events::make_triggers());
                }
                steps.push(bump_policies());
            }
        }
        change(&self.library.db, schema, name, steps).await?;
        self.library.refresh().await?;
        Ok(true)
    }
}
