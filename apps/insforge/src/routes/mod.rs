//! Method, path, permission, handler: one file per part.

mod accounts;
mod administration;
mod change_events;
mod database;
mod gateway;
mod general;
mod records;
mod rest;
mod storage;
mod transfer;
mod workbench;

use busbar_platform::Routes;

use crate::Services;

/// The whole table.
pub(crate) fn table(services: &Services) -> Routes<Services> {
    Routes::new()
        .merge(accounts::table(services))
        .merge(administration::table(services))
        .merge(general::table())
        .merge(database::table())
        .merge(change_events::table())
        .merge(rest::table(services))
        .merge(storage::table())
        .merge(gateway::table())
        .merge(workbench::table())
        .merge(transfer::table())
}
