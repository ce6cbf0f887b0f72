//! How much there may be: of all objects, and of one bucket's.

use busbar_kernel::{Error, Kind, Result};
use busbar_store::{Dialect, Step, StepRows, params};

use crate::{BucketName, ObjectKey, Place};

/// One quota, as a question to the database: what everything but this key has already.
struct Quota {
    most: u64,
    what: &'static str,
    sql: &'static str,
    /// What uploads to the object store itself may bring that nobody confirmed yet.
    promised: &'static str,
}

const OF_BUCKET: &str = "SELECT CAST(coalesce(sum(size), 0) AS bigint) AS bytes FROM storage.objects
                         WHERE bucket = $1 AND key <> $2";

const OF_ALL: &str = "SELECT CAST(coalesce(sum(size), 0) AS bigint) AS bytes FROM storage.objects
                      WHERE NOT (bucket = $1 AND key = $2)";

const PROMISED_TO_BUCKET: &str = "SELECT CAST(coalesce(sum(largest), 0) AS bigint) AS bytes
                                  FROM storage.direct_uploads WHERE bucket = $1";

const PROMISED_TO_ALL: &str = "SELECT CAST(coalesce(sum(largest), 0) AS bigint) AS bytes
                               FROM storage.direct_uploads WHERE $1 <> ''";

impl Place {
    fn quotas(&self) -> impl Iterator<Item = Quota> {
        let bucket = self.settings.bucket_quota.map(|most| Quota {
            most,
            what: "bucket",
            sql: OF_BUCKET,
            promised: PROMISED_TO_BUCKET,
        });
        let all = self.settings.quota.map(|most| Quota {
            most,
            what: "project",
            sql: OF_ALL,
            promised: PROMISED_TO_ALL,
        });
        [bucket, all].into_iter().flatten()
    }

    /// The most bytes that an object at this key may have before a quota is full, and the error beyond them.
    /// Nothing is asked where no quota is set. What is promised to others counts with `promised`: until it is confirmed
    /// it lies in the object store and in no row of an object.
    pub(crate) async fn room_left(
        &self,
        bucket: &BucketName,
        key: &ObjectKey,
        promised: bool,
    ) -> Result<Option<(u64, Error)>> {
        let mut least: Option<(u64, Error)> = None;
        for quota in self.quotas() {
            let taken: u64 = self
                .db
                .one(quota.sql, params![bucket.as_str(), key.as_str()])
                .await?;
            let promised: u64 = match promised {
                true => self.db.one(quota.promised, params![bucket.as_str()]).await?,
                false => 0,
            };
            let left = quota.most.saturating_sub(taken.saturating_add(promised));
            if least.as_ref().is_none_or(|(least, _)| left < *least) {
                least = Some((left, full(&quota)));
            }
        }
        Ok(least)
    }

    /// The first statement of the batch that writes a row: whether the bucket is there. Where a quota is set it also
    /// lets one writer at a time pass, so that of two that end at the same moment the second counts the first one's
    /// bytes; SQLite has one writer anyway.
    pub(crate) fn bucket_step(&self, bucket: &str) -> Step {
        let sql = match (self.db.dialect(), self.settings.quota, self.settings.bucket_quota) {
            (Dialect::Sqlite, ..) | (_, None, None) => "SELECT name FROM storage.buckets WHERE name = $1",
            (Dialect::Postgres, Some(_), _) => {
                "SELECT b.name FROM storage.buckets AS b CROSS JOIN storage.config AS c WHERE b.name = $1 \
                 FOR NO KEY UPDATE OF c"
            }
            (Dialect::Postgres, None, Some(_)) => {
                "SELECT name FROM storage.buckets WHERE name = $1 FOR NO KEY UPDATE"
            }
        };
        Step::new(sql, params![bucket]).check(|found: &StepRows| match found.rows.is_empty() {
            true => Err(Error::not_found("bucket")),
            false => Ok(()),
        })
    }

    /// The same question once more, in the batch that writes the row: two uploads may have begun together.
    pub(crate) fn quota_steps(&self, bucket: &str, key: &str, size: u64) -> Vec<Step> {
        let steps = self.quotas().map(|quota| {
            Step::new(quota.sql, params![bucket, key]).check(move |found: &StepRows| {
                let taken: u64 = found.read()?.first().copied().unwrap_or_default();
                if taken.saturating_add(size) > quota.most {
                    return Err(full(&quota));
                }
                Ok(())
            })
        });
        steps.collect()
    }
}

fn full(quota: &Quota) -> Error {
    let (what, most) = (quota.what, quota.most);
    let message =
        format!("The files of this {what} may have {most} bytes together, and this one does not fit");
    Error::new(Kind::TooLarge, "files.quota", message).field("file")
}
