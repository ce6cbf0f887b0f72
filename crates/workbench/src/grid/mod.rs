//! The rows of one table as a person edits them, by the administrator's rights.

mod change;
mod page;
mod place;

use busbar_schema::Schema;

pub use page::{GridPage, GridQuery};
pub(crate) use place::rows;

use crate::sql::Sql;

/// The rows of one table. Every verb is the administrator's: whoever calls it has checked that.
#[derive(Clone)]
pub struct Grid {
    schema: Schema,
    sql: Sql,
}

/// A row by column name.
pub type GridRow = serde_json::Map<String, serde_json::Value>;

impl Grid {
    pub(crate) fn new(schema: Schema) -> Self {
        Self {
            sql: Sql::new(schema.clone()),
            schema,
        }
    }
}
