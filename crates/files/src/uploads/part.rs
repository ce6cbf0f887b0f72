//! Storing one part.

use std::sync::{Arc, Mutex, PoisonError};

use busbar_kernel::ids::Id;
use busbar_kernel::{Actor, Error, Kind, Result};
use busbar_ports::objects::ByteStream;
use busbar_store::{Step, StepRows, params};
use futures_util::StreamExt;
use md5::{Digest, Md5};

use super::{PART, Part, Uploads};
use crate::rules::administrator;
use crate::{BucketName, ObjectKey};

impl Uploads {
    /// Stores the part `number`, replacing one that is there, and answers when it survives a loss of power.
    ///
    /// # Errors
    /// `Forbidden` for others than administrators; `upload.not_found`; `Invalid` for a number outside of 1 to
    /// 10,000; `objects.too_large`; the body's own error.
    pub async fn put_part(
        &self,
        actor: &Actor,
        (upload, bucket, key): (Id, &BucketName, &ObjectKey),
        number: u32,
        body: ByteStream,
    ) -> Result<Part> {
        administrator(actor)?;
        if !(1..=Self::MOST_PARTS).contains(&number) {
            return Err(Error::invalid(
                "partNumber",
                "Part number must be an integer between 1 and 10000",
            ));
        }
        self.find(upload, bucket, key).await?;
        let place = &self.0;
        let blob = Id::new(place.clock.as_ref());
        let digest = Arc::new(Mutex::new(Md5::new()));
        let seen = Arc::clone(&digest);
        let passing = body.map(move |chunk| {
            if let Ok(chunk) = &chunk {
                seen.lock().unwrap_or_else(PoisonError::into_inner).update(chunk);
            }
            chunk
        });
        let limit = place.settings.s3_max_object_size;
        let size = place.bytes.put(&place.name(blob), passing.boxed(), limit).await?;
        let digest = std::mem::take(&mut *digest.lock().unwrap_or_else(PoisonError::into_inner));
        let etag = hex::encode(digest.finalize());
        let before = "SELECT blob FROM storage.upload_parts WHERE upload = $1 AND number = $2";
        let write = format!(
            "INSERT INTO storage.upload_parts (upload, number, size, etag, blob, created_at)
             VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (upload, number) DO UPDATE SET size = excluded.size, etag = excluded.etag,
             blob = excluded.blob, created_at = excluded.created_at RETURNING {PART}"
        );
        let there = Step::new("SELECT id FROM storage.uploads WHERE id = $1", params![upload]);
        let steps = vec![
            there.check(|found: &StepRows| match found.rows.is_empty() {
                true => Err(Error::not_found("upload")),
                false => Ok(()),
            }),
            Step::new(before, params![upload, number]),
            Step::new(
                write,
                params![upload, number, size, etag, blob, place.clock.now()],
            ),
        ];
        let done = match place.db.batch(steps).await {
            Ok(done) => done,
            Err(error) => {
                // After a lost connection the row may stand all the same: then only the sweep may decide.
                if matches!(error.kind(), Kind::NotFound | Kind::Invalid | Kind::Conflict) {
                    place.discard(&[blob]).await;
                }
                return Err(error);
            }
        };
        let [_, before, written] = done.as_slice() else {
            return Err(Error::internal("a batch of three answered otherwise"));
        };
        let old: Vec<Id> = before.read()?;
        place.discard(&old).await;
        let part = written.rows.first().map(|row| row.read()).transpose()?;
        part.ok_or_else(|| Error::internal("a written row was not returned"))
    }
}
