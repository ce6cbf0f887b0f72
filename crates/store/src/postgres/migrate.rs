//! Applies migrations to one schema, each in a transaction of its own under the schema's lock.

use busbar_kernel::{Clock, Error, Kind, Result};
use std::time::Duration;

use super::error::{self, Trouble};
use super::frame::{self, Frame, View};
use super::handle::{Handle, owner};
use super::pool::Lease;
use crate::migration::{Applied, CREATE_TABLE, INSERT_APPLIED, SELECT_APPLIED};
use crate::value::timestamp_text;
use crate::{Dialect, Migration, MigrationSet, Params, StepRows, params};

/// A migration may take its time.
const LIMIT: Duration = Duration::from_secs(3600);

/// Applies what is pending, one at a time: whoever waits for the lock then sees what the others did.
pub(super) async fn run(
    mut lease: Lease,
    handle: &Handle,
    set: &MigrationSet,
    clock: &dyn Clock,
) -> Result<Vec<String>> {
    let (_, frame) = handle.framed(&owner(LIMIT), View::Write)?;
    let mut titles = Vec::new();
    loop {
        match next(&mut lease, &frame, handle, set, clock).await {
            Ok(Some(title)) => titles.push(title),
            Ok(None) => break,
            Err(trouble) => {
                frame.roll_back(&mut lease).await;
                return Err(trouble.into());
            }
        }
    }
    // A migration may have set something for its session.
    lease.path = None;
    lease.forget();
    lease
        .client
        .batch_execute("RESET ALL")
        .await
        .map_err(error::map)?;
    Ok(titles)
}

async fn next(
    lease: &mut Lease,
    frame: &Frame,
    handle: &Handle,
    set: &MigrationSet,
    clock: &dyn Clock,
) -> Result<Option<String>, Trouble> {
    frame.begin(lease).await?;
    let lock = format!("busbar.migrate {}", handle.schema);
    one(
        lease,
        frame,
        handle,
        "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))",
        params![lock],
    )
    .await?;
    one(lease, frame, handle, CREATE_TABLE, params![]).await?;
    let rows = one(lease, frame, handle, SELECT_APPLIED, params![set.name]).await?;
    let applied: Vec<Applied> = rows.read()?;
    let Some(migration) = set.pending(Dialect::Postgres, &applied)?.first() else {
        frame.commit(lease).await?;
        return Ok(None);
    };
    let title = migration.title(set);
    step(lease, frame, handle, set, migration, clock)
        .await
        .map_err(|trouble| failed(&title, trouble.into()))?;
    Ok(Some(title))
}

async fn step(
    lease: &mut Lease,
    frame: &Frame,
    handle: &Handle,
    set: &MigrationSet,
    migration: &Migration,
    clock: &dyn Clock,
) -> Result<(), Trouble> {
    let script = handle.resolver.script(migration.postgres);
    lease.client.batch_execute(&script).await?;
    let row = params![
        set.name,
        migration.number,
        migration.name,
        migration.checksum(Dialect::Postgres),
        timestamp_text(clock.now())
    ];
    one(lease, frame, handle, INSERT_APPLIED, row).await?;
    frame.commit(lease).await
}

async fn one(
    lease: &mut Lease,
    frame: &Frame,
    handle: &Handle,
    sql: &str,
    params: Params,
) -> Result<StepRows, Trouble> {
    let ready = handle.ready(sql, params)?;
    frame::single(lease, frame, &ready).await
}

fn failed(title: &str, error: Error) -> Error {
    Error::new(
        Kind::Internal,
        "store.migration_failed",
        format!("The migration {title} failed: {}", error.message()),
    )
    .source(error)
}
