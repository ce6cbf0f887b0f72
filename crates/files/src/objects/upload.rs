//! Storing an object: bytes first, then the row that refers to them, then the old bytes go.

use std::sync::{Arc, Mutex, PoisonError};

use busbar_kernel::ids::Id;
use busbar_kernel::{Actor, Error, Kind, Result};
use busbar_ports::objects::{ByteStream, too_large};
use busbar_store::{Step, StepRows, params};
use bytes::Bytes;
use futures_util::StreamExt;
use md5::{Digest, Md5};
use serde::{Deserialize, Serialize};

use super::{Attached, Object, Objects};
use crate::reach::{Expected, Reach, changed, denied};
use crate::rules::{FALLBACK, SNIFFED, stored_type};
use crate::{BucketName, ObjectKey, Place};

/// A file on its way in.
pub struct Upload {
    /// The bucket.
    pub bucket: BucketName,
    /// The key; what is there is replaced if it is the uploader's.
    pub key: ObjectKey,
    /// The type that the client says it has.
    pub declared_type: Option<String>,
    /// The size that the client says it has; one above the limit is refused before the first byte.
    pub declared_size: Option<u64>,
    /// The door it comes by.
    pub via: Via,
    /// What only S3's door knows of it.
    pub s3: ViaS3,
    /// The bytes.
    pub body: ByteStream,
}

/// What only S3's door knows of a file.
#[derive(Clone, Debug, Default)]
pub struct ViaS3 {
    /// The access key that signed for it.
    pub access_key_id: Option<String>,
    /// Headers and tags that come back with it.
    pub attached: Attached,
    /// Its entity tag, where that is not the MD5 of the content: an upload in parts has one made of theirs.
    pub etag: Option<String>,
    /// What must hold of the object that is there.
    pub condition: Condition,
}

/// What is known of a file before it comes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Announced {
    /// The type that the client says it has.
    pub content_type: Option<String>,
    /// The size that the client says it has, in bytes.
    pub size: Option<u64>,
}

/// What must hold of the object that is there, checked in the moment in which it would be replaced.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Condition {
    /// Nothing.
    #[default]
    None,
    /// There is none.
    Absent,
    /// There is one with this entity tag.
    Tag(String),
}

impl Condition {
    /// The tag that the object must have.
    fn tag(&self) -> Option<&str> {
        match self {
            Self::Tag(tag) => Some(tag),
            Self::None | Self::Absent => None,
        }
    }

    fn holds(&self, there: bool, etag: Option<&str>) -> bool {
        match self {
            Self::None => true,
            Self::Absent => !there,
            Self::Tag(tag) => there && etag == Some(tag),
        }
    }
}

/// The door an object came by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Via {
    /// The HTTP interface.
    Rest,
    /// The S3 gateway.
    S3,
    /// The operator's pages.
    Dashboard,
}

impl Via {
    /// Its word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Rest => "rest",
            Self::S3 => "s3",
            Self::Dashboard => "dashboard",
        }
    }
}

/// What stands in the way, or does not.
#[derive(Deserialize)]
struct Ground {
    max_file_size_mb: Option<u64>,
    taken: bool,
    uploaded_by: Option<String>,
}

/// What the bytes turned out to be, filled while they pass.
#[derive(Default)]
struct Findings {
    digest: Md5,
    head: Vec<u8>,
}

impl Findings {
    fn see(&mut self, chunk: &Bytes) {
        self.digest.update(chunk);
        let missing = SNIFFED.saturating_sub(self.head.len());
        self.head.extend_from_slice(&chunk[..chunk.len().min(missing)]);
    }
}

impl Objects {
    /// Whether `actor` may store an object that is announced like this, and how many bytes it may have. Policies that
    /// look at what nobody announced are asked about none.
    ///
    /// # Errors
    /// `Unauthenticated`, `Forbidden`, `bucket.not_found`; `files.denied` when the key is somebody else's, or a policy
    /// says so.
    pub async fn may_upload(
        &self,
        actor: &Actor,
        bucket: &BucketName,
        key: &ObjectKey,
        announced: &Announced,
    ) -> Result<u64> {
        let place = &self.0;
        let reach = place.reach(actor).await?;
        let limit = place.ground(&reach, bucket, key).await?;
        let declared = announced.content_type.as_deref();
        let object = Object {
            bucket: bucket.clone(),
            key: key.clone(),
            size: announced.size.unwrap_or_default(),
            mime_type: Some(declared.unwrap_or(FALLBACK).to_owned()),
            uploaded_at: place.clock.now(),
            uploaded_by: actor.user().map(|user| user.subject.clone()),
            uploaded_via: Via::Rest,
            s3_access_key_id: None,
            etag: None,
            blob: Id::new(place.clock.as_ref()),
            attached: None,
        };
        place.may_write(&reach, &object).await?;
        Ok(limit)
    }

    /// Stores an object, replacing what is there, and answers when it survives a loss of power. The type is
    /// what the bytes show ([`stored_type`]). Memory does not grow with the file.
    ///
    /// # Errors
    /// As [`Objects::may_upload`]; `objects.too_large`; the body's own error. What policies say is asked when the bytes
    /// are there, because they may look at type, size and digest.
    pub async fn upload(&self, actor: &Actor, upload: Upload) -> Result<Object> {
        let place = &self.0;
        upload.s3.attached.check()?;
        let reach = place.reach(actor).await?;
        let limit = place.ground(&reach, &upload.bucket, &upload.key).await?;
        let limit = if upload.via == Via::S3 {
            place.settings.s3_max_object_size
        } else {
            limit
        };
        if upload.declared_size.is_some_and(|size| size > limit) {
            return Err(too_large(limit));
        }
        let (left, full) = match place.room_left(&upload.bucket, &upload.key, false).await? {
            Some((left, full)) if left < limit => (left, Some(full)),
            _ => (limit, None),
        };
        if upload.declared_size.is_some_and(|size| size > left) {
            return Err(full.unwrap_or_else(|| too_large(limit)));
        }
        let blob = Id::new(place.clock.as_ref());
        let findings = Arc::new(Mutex::new(Findings::default()));
        let seen = Arc::clone(&findings);
        let passing = upload.body.map(move |chunk| {
            if let Ok(chunk) = &chunk {
                seen.lock().unwrap_or_else(PoisonError::into_inner).see(chunk);
            }
            chunk
        });
        let stored = place.bytes.put(&place.name(blob), passing.boxed(), left).await;
        let size = stored.map_err(|error| match full {
            Some(full) if error.code_str() == "objects.too_large" => full,
            _ => error,
        })?;
        let findings = std::mem::take(&mut *findings.lock().unwrap_or_else(PoisonError::into_inner));
        let object = Object {
            bucket: upload.bucket,
            key: upload.key,
            size,
            mime_type: Some(stored_type(&findings.head, upload.declared_type.as_deref())),
            uploaded_at: place.clock.now(),
            uploaded_by: actor.user().map(|user| user.subject.clone()),
            uploaded_via: upload.via,
            s3_access_key_id: upload.s3.access_key_id,
            etag: Some(
                upload
                    .s3
                    .etag
                    .unwrap_or_else(|| hex::encode(findings.digest.finalize())),
            ),
            blob,
            attached: upload.s3.attached.text(),
        };
        match place.store(&reach, object, &upload.s3.condition).await {
            Ok((object, old)) => {
                metrics::counter!("files_uploaded_bytes_total").increment(size);
                place.discard(old.as_slice()).await;
                Ok(object)
            }
            Err(error) => {
                if refused(&error) {
                    place.discard(&[blob]).await;
                }
                Err(error)
            }
        }
    }
}

/// Whether an error means that no row was written. After a lost connection it may stand all the same: then only the
/// sweep may decide about the bytes.
pub(super) fn refused(error: &Error) -> bool {
    matches!(
        error.kind(),
        Kind::Invalid | Kind::Forbidden | Kind::NotFound | Kind::Conflict | Kind::TooLarge
    )
}

/// How often an object is looked at anew that others replace at the same moment.
const ATTEMPTS: usize = 4;

impl Place {
    /// Whether this object may be stored, as far as no policy has to be asked, and how many bytes it may have.
    pub(crate) async fn ground(&self, reach: &Reach, bucket: &BucketName, key: &ObjectKey) -> Result<u64> {
        let sql = "SELECT c.max_file_size_mb, o.uploaded_by, o.key IS NOT NULL AS taken
                   FROM storage.buckets AS b CROSS JOIN storage.config AS c
                   LEFT JOIN storage.objects AS o ON o.bucket = b.name AND o.key = $2
                   WHERE b.name = $1";
        let params = params![bucket.as_str(), key.as_str()];
        let ground: Option<Ground> = self.db.optional(sql, params).await?;
        let ground = ground.ok_or_else(|| Error::not_found("bucket"))?;
        if ground.taken && !reach.has(ground.uploaded_by.as_deref()) {
            return Err(denied());
        }
        Ok(self.limit(ground.max_file_size_mb))
    }

    /// Asks the policies, where there are any, then writes the row; both again when another one came in between.
    pub(crate) async fn store(
        &self,
        reach: &Reach,
        object: Object,
        condition: &Condition,
    ) -> Result<(Object, Option<Id>)> {
        let mut attempt = 1;
        loop {
            let done = match self.may_write(reach, &object).await {
                Ok(expected) => self.commit(object.clone(), reach, condition, expected).await,
                Err(error) => Err(error),
            };
            match done {
                Err(error) if error.code_str() == "files.changed" && attempt < ATTEMPTS => attempt += 1,
                done => return done,
            }
        }
    }

    /// Writes the row and answers it with the blob it referred to before.
    async fn commit(
        &self,
        object: Object,
        reach: &Reach,
        condition: &Condition,
        expected: Expected,
    ) -> Result<(Object, Option<Id>)> {
        let (bucket, key) = (object.bucket.as_str(), object.key.as_str());
        let before = "SELECT uploaded_by, blob, etag FROM storage.objects WHERE bucket = $1 AND key = $2";
        // An administrator who replaces a person's file does not take it away.
        let write =
            "INSERT INTO storage.objects AS o (bucket, key, size, mime_type, uploaded_at, uploaded_by, \
                     uploaded_via, etag, blob, s3_access_key_id, attached)
                     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $11, $12)
                     ON CONFLICT (bucket, key) DO UPDATE SET size = excluded.size,
                     mime_type = excluded.mime_type, uploaded_at = excluded.uploaded_at,
                     uploaded_by = coalesce(excluded.uploaded_by, o.uploaded_by),
                     uploaded_via = excluded.uploaded_via,
                     s3_access_key_id = excluded.s3_access_key_id, attached = excluded.attached,
                     etag = excluded.etag, blob = excluded.blob
                     WHERE ($10 OR o.uploaded_by = $6) AND ($13 OR o.etag = $14) AND ($15 OR o.blob = $16)
                     RETURNING uploaded_by";
        let values = params![
            bucket,
            key,
            object.size,
            object.mime_type.clone(),
            object.uploaded_at,
            object.uploaded_by.clone(),
            object.uploaded_via.name(),
            object.etag.clone(),
            object.blob,
            reach.any_owner(),
            object.s3_access_key_id.clone(),
            object.attached.clone(),
            *condition == Condition::None,
            condition.tag(),
            expected.is_none(),
            expected.flatten(),
        ];
        // Of two writers at the same moment the second meets the first one's row only in the write itself.
        let conditional = *condition != Condition::None;
        let (wanted, reach) = (condition.clone(), reach.clone());
        let mut steps = vec![
            self.bucket_step(bucket),
            Step::new(before, params![bucket, key]).check(move |found: &StepRows| {
                let row = found.rows.first();
                if row.is_some_and(|row| !reach.has(row.text(0))) {
                    return Err(denied());
                }
                if !wanted.holds(row.is_some(), row.and_then(|row| row.text(2))) {
                    return Err(precondition());
                }
                // What the policies were asked about must be what is replaced.
                let before: Option<(Option<String>, Id, Option<String>)> =
                    row.map(busbar_store::Row::read).transpose()?;
                if expected.is_some_and(|expected| expected != before.map(|(_, blob, _)| blob)) {
                    return Err(changed());
                }
                Ok(())
            }),
            Step::new(write, values).check(move |written: &StepRows| match written.rows.is_empty() {
                true if conditional => Err(precondition()),
                true if expected.is_some() => Err(changed()),
                true => Err(denied()),
                false => Ok(()),
            }),
        ];
        steps.extend(self.quota_steps(bucket, key, object.size));
        let done = self
            .db
            .batch(steps)
            .await
            .map_err(|error| match error.wire_code_str() {
                // The bucket went while the bytes came.
                Some("23503") => Error::not_found("bucket"),
                _ => error,
            })?;
        let [_, before, written, ..] = done.as_slice() else {
            return Err(Error::internal("a batch of three answered otherwise"));
        };
        let old: Option<(Option<String>, Id, Option<String>)> =
            before.rows.first().map(|row| row.read()).transpose()?;
        let (uploaded_by,): (Option<String>,) = match written.rows.first() {
            Some(row) => row.read()?,
            None => return Err(Error::internal("a written row was not returned")),
        };
        let object = Object {
            uploaded_by,
            ..object
        };
        Ok((object, old.map(|(_, blob, _)| blob)))
    }
}

fn precondition() -> Error {
    Error::conflict(
        "files.precondition",
        "What was demanded of the stored object does not hold",
    )
}
