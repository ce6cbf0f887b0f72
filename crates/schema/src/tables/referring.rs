//! What refers to a table.

use busbar_kernel::Result;

use super::Tables;
use super::describe::{ForeignKeyDescription, reference};

impl Tables {
    /// The references of a schema's tables to one of them, each with the table that holds it.
    ///
    /// # Errors
    /// 42P01 when there is none of this name; `PGRST106` for a schema that is not exposed.
    pub fn referring(&self, schema: &str, name: &str) -> Result<Vec<(String, ForeignKeyDescription)>> {
        let catalogue = self.library.current();
        let known = catalogue.table(schema, name)?;
        let tables = catalogue.tables(schema).into_iter();
        Ok(tables
            .flat_map(|table| {
                let keys = table.foreign_keys.iter().filter(|key| key.table == known.name);
                keys.map(move |key| (table.name.clone(), reference(key)))
            })
            .collect())
    }
}
