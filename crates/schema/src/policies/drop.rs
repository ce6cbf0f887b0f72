//! Dropping a policy.

use busbar_kernel::Result;
use busbar_store::{Dialect, Step, params};

use super::Policies;
use super::create::stored_name;
use crate::catalogue::Table;
use crate::quote::quoted;
use crate::refusal::sqlstate;
use crate::tables::bump_policies;

impl Policies {
    /// Drops a policy; row security stays on, so without policies nobody gets in, and `storage.objects` has the rule
    /// again that its keeper has without policies.
    ///
    /// # Errors
    /// 42P01 without the table, 42704 without the policy.
    pub async fn drop(&self, table: &str, name: &str) -> Result<()> {
        let table = self.guarded(table)?;
        let dialect = self.library.dialect();
        let mut steps = vec![dropped(dialect, &table, name, false)];
        if dialect == Dialect::Sqlite {
            steps.push(bump_policies());
        }
        self.library.db.batch(steps).await?;
        self.library.refresh().await
    }
}

/// The step that drops a policy, or fails with 42704 where there is none and `if_exists` is not said.
pub(super) fn dropped(dialect: Dialect, table: &Table, name: &str, if_exists: bool) -> Step {
    if dialect == Dialect::Postgres {
        let place = format!("{}.{}", quoted(&table.schema), quoted(&table.name));
        let exists = if if_exists { "IF EXISTS " } else { "" };
        return Step::new(
            format!("DROP POLICY {exists}{} ON {place}", quoted(name)),
            params![],
        );
    }
    let told = missing_policy(name, &table.name);
    Step::new(
        "DELETE FROM system.policies WHERE table_name = $1 AND name = $2",
        params![stored_name(table), name],
    )
    .check(move |rows| match rows.affected {
        0 if !if_exists => Err(sqlstate("42704", told.clone())),
        _ => Ok(()),
    })
}

fn missing_policy(name: &str, table: &str) -> String {
    format!("policy \"{name}\" for table \"{table}\" does not exist")
}
