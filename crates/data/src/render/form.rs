//! What becomes of each row: its JSON.

use busbar_schema::quote::quoted;
use busbar_store::Dialect;

/// The JSON of a row.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct RowForm<'f> {
    /// Members that are null are left out.
    pub(crate) nulls_stripped: bool,
    /// A feature of geography, by the function of this schema; PostgreSQL only.
    pub(crate) geography: Option<&'f str>,
}

impl RowForm<'_> {
    /// On PostgreSQL: the row `"_r"` as a text.
    pub(super) fn of_postgres(&self) -> String {
        match (self.geography, self.nulls_stripped) {
            (Some(schema), _) => format!("{}.st_asgeojson(\"_r\")::text", quoted(schema)),
            (None, true) => "json_strip_nulls(row_to_json(\"_r\"))::text".to_owned(),
            (None, false) => "row_to_json(\"_r\")::text".to_owned(),
        }
    }

    /// On SQLite: what `row` gives.
    pub(super) fn of_sqlite(&self, row: &str) -> String {
        if self.nulls_stripped {
            format!("busbar_strip_nulls({row})")
        } else {
            row.to_owned()
        }
    }

    /// The start of a read whose `FROM` holds the rows as `"_r"`.
    pub(super) fn select(&self, dialect: Dialect, list: &str) -> String {
        match dialect {
            Dialect::Postgres => format!("SELECT {} FROM (SELECT {list}", self.of_postgres()),
            Dialect::Sqlite => self.of_sqlite(list),
        }
    }
}
