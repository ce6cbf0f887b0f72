//! Dropping a policy.

use busbar_kernel::Result;
use busbar_store::{Dialect, Step, params};

use super::Policies;
use crate::quote::quoted;
use crate::refusal::sqlstate;
use crate::tables::bump_policies;

impl Policies {
    /// Drops a policy; row security stays on, so without policies nobody gets in.
    ///
    /// # Errors
    /// 42P01 without the table, 42704 without the policy.
    pub async fn drop(&self, table: &str, name: &str) -> Result<()> {
        let catalogue = self.library.current();
        let table = catalogue.table("public", table)?;
        let missing = {
            let (name, table) = (name.to_owned(), table.name.clone());
            move || {
                sqlstate(
                    "42704",
                    format!("policy \"{name}\" for table \"{table}\" does not exist"),
                )
            }
        };
        let steps = match self.library.dialect() {
            Dialect::Postgres => {
                let place = format!("{}.{}", quoted(&table.schema), quoted(&table.name));
                vec![Step::new(
                    format!("DROP POLICY {} ON {place}", quoted(name)),
                    params![],
                )]
            }
            Dialect::Sqlite => vec![
                Step::new(
                    "DELETE FROM system.policies WHERE table_name = $1 AND name = $2",
                    params![table.name.as_str(), name],
                )
                .check(move |rows| {
                    if rows.affected == 1 {
                        Ok(())
                    } else {
                        Err(missing())
                    }
                }),
                bump_policies(),
            ],
        };
        self.library.db.batch(steps).await?;
        self.library.refresh().await
    }
}
