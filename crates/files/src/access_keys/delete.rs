//! Removing an access key.

use busbar_kernel::ids::Id;
use busbar_kernel::{Actor, Error, Result};
use busbar_store::params;

use super::AccessKeys;
use crate::rules::administrator;

impl AccessKeys {
    /// Removes a key; what was signed with it is refused from now on.
    ///
    /// # Errors
    /// `Forbidden` for others than administrators; `access_key.not_found`.
    pub async fn delete(&self, actor: &Actor, id: Id) -> Result<()> {
        administrator(actor)?;
        let sql = "DELETE FROM storage.s3_access_keys WHERE id = $1";
        match self.0.db.execute(sql, params![id]).await? {
            0 => Err(Error::not_found("access_key")),
            _ => Ok(()),
        }
    }
}
