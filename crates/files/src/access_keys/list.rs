//! All access keys.

use busbar_kernel::{Actor, Result};
use busbar_store::params;

use super::{AccessKey, AccessKeys, COLUMNS};
use crate::rules::administrator;

impl AccessKeys {
    /// All keys, the newest first, without their secrets.
    ///
    /// # Errors
    /// `Forbidden` for others than administrators.
    pub async fn list(&self, actor: &Actor) -> Result<Vec<AccessKey>> {
        administrator(actor)?;
        let sql = format!(
            "SELECT {COLUMNS} FROM storage.s3_access_keys ORDER BY created_at DESC, id DESC LIMIT 1000"
        );
        self.0.db.all(&sql, params![]).await
    }
}
