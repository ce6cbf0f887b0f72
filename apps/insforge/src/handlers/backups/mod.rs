//! Backups.

pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod list;
pub(crate) mod rename;
pub(crate) mod restore;

use busbar_kernel::{Error, Result};
use uuid::Uuid;

/// A backup's id as it stands in a path.
fn id(text: &str) -> Result<Uuid> {
    text.parse()
        .map_err(|_| Error::invalid("backup", "An id is a UUID"))
}
