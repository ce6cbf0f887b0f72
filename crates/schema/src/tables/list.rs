//! Listing tables and schemas.

use busbar_kernel::{Error, Result};

use super::Tables;
use crate::catalogue::internal_schema;

impl Tables {
    /// The names of a schema's tables, sorted; views are no tables.
    ///
    /// # Errors
    /// `input.invalid` for a schema that is Busbar's own.
    pub fn list(&self, schema: &str) -> Result<Vec<String>> {
        if internal_schema(schema) {
            return Err(Error::invalid(
                "schema",
                format!("The schema {schema} is not accessible"),
            ));
        }
        let catalogue = self.library.current();
        let tables = catalogue.tables(schema);
        Ok(tables
            .iter()
            .filter(|table| !table.is_view)
            .map(|table| table.name.clone())
            .collect())
    }

    /// The schemas that hold people's tables, `public` first.
    pub fn schemas(&self) -> Vec<String> {
        self.library
            .current()
            .schemas()
            .into_iter()
            .map(str::to_owned)
            .collect()
    }
}
