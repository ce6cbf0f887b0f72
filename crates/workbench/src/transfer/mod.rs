//! Export and import: tables out as SQL or rows, SQL and rows in.

mod csv;
mod definitions;
mod export;
mod import;
mod insert;
mod present;
mod upsert;

use busbar_kernel::Error;
use busbar_schema::Schema;

pub use export::{ExportPiece, ExportRequest, ExportStream};
pub use import::Imported;
pub use upsert::{Upsert, Upserted};

use crate::grid::Grid;
use crate::sql::Sql;

/// Export and import. Every verb is the administrator's: whoever calls it has checked that.
#[derive(Clone)]
pub struct Transfer {
    schema: Schema,
    sql: Sql,
    grid: Grid,
}

impl Transfer {
    pub(crate) fn new(schema: Schema, sql: Sql, grid: Grid) -> Self {
        Self { schema, sql, grid }
    }
}

/// The same error, with the place in the file where it arose: `Line 12, column age`.
fn placed(error: Error, place: &str) -> Error {
    let mut made = Error::new(
        error.kind(),
        error.code_str().to_owned(),
        format!("{place}: {}", error.message()),
    )
    .field("file");
    if let Some(state) = error.wire_code_str() {
        made = made.wire_code(state.to_owned());
    }
    if let Some(details) = error.details_str() {
        made = made.details(details);
    }
    if let Some(hint) = error.hint_str() {
        made = made.hint(hint);
    }
    made.source(error)
}
