//! Turning a table's row security on and off.

use busbar_kernel::Result;
use busbar_store::{Dialect, Step, params};

use super::Tables;
use super::definition::place;
use super::rebuild::bump_policies;
use crate::catalogue::change;

impl Tables {
    /// Turns the row security of a table in `public` on or off. Its policies stay.
    ///
    /// # Errors
    /// 42P01 when there is none of this name.
    pub async fn set_row_security(&self, name: &str, on: bool) -> Result<()> {
        let catalogue = self.library.current();
        let table = catalogue.table("public", name)?;
        let steps = match (self.library.dialect(), on) {
            (Dialect::Postgres, on) => vec![Step::new(
                format!(
                    "ALTER TABLE {} {} ROW LEVEL SECURITY",
                    place(Dialect::Postgres, &table.name),
                    if on { "ENABLE" } else { "DISABLE" }
                ),
                params![],
            )],
            (Dialect::Sqlite, true) => vec![
                Step::new(
                    "INSERT INTO system.row_security (table_name) VALUES ($1) \
                     ON CONFLICT (table_name) DO NOTHING",
                    params![table.name.as_str()],
                ),
                bump_policies(),
            ],
            (Dialect::Sqlite, false) => vec![
                Step::new(
                    "DELETE FROM system.row_security WHERE table_name = $1",
                    params![table.name.as_str()],
                ),
                bump_policies(),
            ],
        };
        change(&self.library.db, "public", &table.name, steps).await?;
        self.library.refresh().await
    }
}
