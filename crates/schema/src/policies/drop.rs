//! Dropping a policy.

use busbar_kernel::Result;
use busbar_store::{Dialect, Step, params};

use super::Policies;
use crate::catalogue::Table;
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
        let dialect = self.library.dialect();
        let mut steps = vec![dropped(dialect, table, name)];
        if dialect == Dialect::Sqlite {
            steps.push(bump_policies());
        }
        self.library.db.batch(steps).await?;
        self.library.refresh().await
    }
}

/// The step that drops a policy, or fails with 42704 where there is none.
pub(super) fn dropped(dialect: Dialect, table: &Table, name: &str) -> Step {
    if dialect == Dialect::Postgres {
        let place = format!("{}.{}", quoted(&table.schema), quoted(&table.name));
        return Step::new(format!("DROP POLICY {} ON {place}", quoted(name)), params![]);
    }
    let told = missing_policy(name, &table.name);
    Step::new(
        "DELETE FROM system.policies WHERE table_name = $1 AND name = $2",
        params![table.name.as_str(), name],
    )
    .check(move |rows| match rows.affected {
        1 => Ok(()),
        _ => Err(sqlstate("42704", told.clone())),
    })
}

fn missing_policy(name: &str, table: &str) -> String {
    format!("policy \"{name}\" for table \"{table}\" does not exist")
}
