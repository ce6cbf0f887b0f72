//! All buckets with what they hold.

use busbar_kernel::{Actor, Result, Timestamp};
use busbar_store::params;
use serde::Deserialize;

use super::{Bucket, BucketUsage, Buckets};
use crate::BucketName;
use crate::rules::administrator;

/// The most buckets of a list.
const MOST: u32 = 10_000;

#[derive(Deserialize)]
struct Row {
    name: BucketName,
    public: bool,
    created_at: Timestamp,
    updated_at: Timestamp,
    objects: u64,
    bytes: u64,
}

impl Buckets {
    /// All buckets in the order of their names, at most 10,000.
    ///
    /// # Errors
    /// `Forbidden` for others than administrators.
    pub async fn list(&self, actor: &Actor) -> Result<Vec<BucketUsage>> {
        administrator(actor)?;
        let sql = "SELECT b.name, b.public, b.created_at, b.updated_at, count(o.key) AS objects,
                          CAST(coalesce(sum(o.size), 0) AS bigint) AS bytes
                   FROM storage.buckets AS b LEFT JOIN storage.objects AS o ON o.bucket = b.name
                   GROUP BY b.name, b.public, b.created_at, b.updated_at
                   ORDER BY b.name LIMIT $1";
        let rows: Vec<Row> = self.0.db.all(sql, params![MOST]).await?;
        let usage = |row: Row| BucketUsage {
            bucket: Bucket {
                name: row.name,
                public: row.public,
                created_at: row.created_at,
                updated_at: row.updated_at,
            },
            objects: row.objects,
            bytes: row.bytes,
        };
        Ok(rows.into_iter().map(usage).collect())
    }
}
