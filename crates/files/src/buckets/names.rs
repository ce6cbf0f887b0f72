//! All buckets, without a look at what they hold.

use busbar_kernel::{Actor, Result};
use busbar_store::params;

use super::{Bucket, Buckets};
use crate::rules::administrator;

impl Buckets {
    /// All buckets in the order of their names, at most 10,000.
    ///
    /// # Errors
    /// `Forbidden` for others than administrators.
    pub async fn names(&self, actor: &Actor) -> Result<Vec<Bucket>> {
        administrator(actor)?;
        let sql =
            "SELECT name, public, created_at, updated_at FROM storage.buckets ORDER BY name LIMIT 10000";
        self.0.db.all(sql, params![]).await
    }
}
