//! Reads and changes with the administrator's rights.
//!
//! People make functions, views and checks of their own, also ones that pose as the database's. What touches them runs as
//! `project_admin`, whose rights they have anyway, and never as the owner.

use busbar_kernel::{Error, Result};
use busbar_store::{Db, Dialect, Params, Session, Step, StepRows, params};
use serde::de::DeserializeOwned;

fn administrator(read_only: bool) -> Session {
    Session {
        read_only,
        ..Session::role("project_admin")
    }
}

/// All rows of a read with the administrator's rights.
///
/// # Errors
/// The database's, or rows that do not fit `T`.
pub async fn all_as_administrator<T: DeserializeOwned>(db: &Db, sql: &str, params: Params) -> Result<Vec<T>> {
    let rows = db
        .batch_as(&administrator(true), vec![Step::new(sql, params)])
        .await?;
    rows.first().map_or_else(|| Ok(Vec::new()), StepRows::read)
}

/// The one row of a read with the administrator's rights.
///
/// # Errors
/// As [`all_as_administrator`]; without a row it is an error of ours.
pub async fn one_as_administrator<T: DeserializeOwned>(db: &Db, sql: &str, params: Params) -> Result<T> {
    let rows = all_as_administrator(db, sql, params).await?;
    rows.into_iter()
        .next()
        .ok_or_else(|| Error::internal("a read that always has a row had none"))
}

/// Changes a table with the administrator's rights where it is the administrator's, else with the owner's.
pub(crate) async fn change(db: &Db, schema: &str, table: &str, steps: Vec<Step>) -> Result<()> {
    const IS_ADMINISTRATORS: &str = "SELECT count(*) > 0 FROM pg_catalog.pg_class c \
     JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
     WHERE n.nspname = $1 AND c.relname = $2 AND pg_catalog.pg_has_role(c.relowner, 'USAGE')";
    let administered = db.dialect() == Dialect::Postgres
        && one_as_administrator(db, IS_ADMINISTRATORS, params![schema, table]).await?;
    if administered {
        db.batch_as(&administrator(false), steps).await?;
    } else {
        db.batch(steps).await?;
    }
    Ok(())
}
