//! Applies migrations to one file, each in a transaction of its own.

use busbar_kernel::{Clock, Error, Result};

use super::connection::Conn;
use super::statement;
use crate::migration::{Applied, CREATE_TABLE, INSERT_APPLIED, SELECT_APPLIED};
use crate::sql::Ready;
use crate::sql::Resolver;
use crate::value::timestamp_text;
use crate::{Dialect, Migration, MigrationSet, Params, StepRows, params};

/// Applies what is pending; the writer thread and the folder's lock keep everybody else out.
pub(super) fn run(
    connection: Conn,
    resolver: &Resolver,
    set: &MigrationSet,
    clock: &dyn Clock,
) -> (Option<Conn>, Result<Vec<String>>) {
    let done = apply(&connection, resolver, set, clock);
    (connection.settle().is_ok().then_some(connection), done)
}

fn apply(
    connection: &Conn,
    resolver: &Resolver,
    set: &MigrationSet,
    clock: &dyn Clock,
) -> Result<Vec<String>> {
    let run = |sql: &str, params: Params| -> Result<StepRows> {
        let text = resolver.statement(sql)?;
        statement::run(connection, &Ready { text, params })
    };
    run(CREATE_TABLE, params![])?;
    let applied: Vec<Applied> = run(SELECT_APPLIED, params![set.name])?
        .rows
        .iter()
        .map(crate::Row::read)
        .collect::<Result<_>>()?;
    let mut titles = Vec::new();
    for migration in set.pending(Dialect::Sqlite, &applied)? {
        let title = migration.title(set);
        connection.control("BEGIN IMMEDIATE")?;
        step(connection, resolver, migration)
            .and_then(|()| {
                run(
                    INSERT_APPLIED,
                    params![
                        set.name,
                        migration.number,
                        migration.name,
                        migration.checksum(Dialect::Sqlite),
                        timestamp_text(clock.now())
                    ],
                )
            })
            .and_then(|_| connection.control("COMMIT"))
            .map_err(|error| failed(&title, error))?;
        titles.push(title);
    }
    Ok(titles)
}

fn step(connection: &Conn, resolver: &Resolver, migration: &Migration) -> Result<()> {
    let script = resolver.script(migration.sqlite);
    connection.trusted(|raw| raw.execute_batch(&script))
}

fn failed(title: &str, error: Error) -> Error {
    Error::new(
        busbar_kernel::Kind::Internal,
        "store.migration_failed",
        format!("The migration {title} failed: {}", error.message()),
    )
    .source(error)
}
