//! Method, path, permission, handler: one file per part.

mod general;
mod storage;

use busbar_platform::Routes;

use crate::Services;

/// The whole table.
pub(crate) fn table() -> Routes<Services> {
    Routes::new().merge(general::table()).merge(storage::table())
}
