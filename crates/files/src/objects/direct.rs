//! Uploads that go to the object store itself: a form for the client, and what becomes of the bytes when it says that
//! they are there.
//!
//! The form may be used again until it ends, so what came by it is copied to a name that no form knows: the bytes of an
//! object never change under its row.

use std::time::Duration;

use busbar_kernel::ids::Id;
use busbar_kernel::{Actor, Error, Result, Timestamp};
use busbar_ports::objects::{FormRequest, UploadForm, too_large};
use busbar_store::params;
use futures_util::TryStreamExt;
use md5::{Digest, Md5};
use serde::Deserialize;

use super::upload::{Announced, refused};
use super::{Condition, Object, Objects, Via};
use crate::rules::{SNIFFED, stored_type};
use crate::{BucketName, ObjectKey, Place};

/// How long a form is good.
const LIFETIME: Duration = Duration::from_secs(3600);

/// What was begun and not confirmed for so long is forgotten: an hour after its form ended.
const ABANDONED: Duration = Duration::from_secs(2 * 3600);

/// A form that leads to the object store itself.
pub struct DirectUpload {
    /// Where it goes and what it holds.
    pub form: UploadForm,
    /// From this moment on it is refused.
    pub expires_at: Timestamp,
}

#[derive(Deserialize)]
struct Pending {
    id: Id,
    mime_type: Option<String>,
}

impl Objects {
    /// A form by which the bytes of an object can be sent to the store itself; `None` where the store gives none. The
    /// object is there when [`Objects::confirm`] says so.
    ///
    /// # Errors
    /// As [`Objects::may_upload`]; `files.quota` when nothing fits any more.
    pub async fn begin_direct(
        &self,
        actor: &Actor,
        bucket: &BucketName,
        key: &ObjectKey,
        announced: &Announced,
    ) -> Result<Option<DirectUpload>> {
        let place = &self.0;
        let limit = self.may_upload(actor, bucket, key, announced).await?;
        // Nobody needs room for more than what was announced.
        let wanted = announced.size.map_or(limit, |size| size.min(limit));
        let id = Id::new(place.clock.as_ref());
        let form_of = |largest| {
            let lifetime = LIFETIME;
            place
                .bytes
                .form(&place.name(id), &FormRequest { lifetime, largest })
        };
        let Some(mut form) = form_of(wanted)? else {
            return Ok(None);
        };
        let mut largest = wanted;
        if let Some((left, full)) = place.room_left(bucket, key, true).await?
            && left < wanted
        {
            largest = left;
            match form_of(left)? {
                Some(narrower) if left > 0 && announced.size.is_none() => form = narrower,
                _ => return Err(full),
            }
        }
        let now = place.clock.now();
        let sql = "INSERT INTO storage.direct_uploads (id, bucket, key, uploaded_by, mime_type, created_at, largest)
                   SELECT $1, b.name, $3, $4, $5, $6, $7 FROM storage.buckets AS b WHERE b.name = $2";
        let values = params![
            id,
            bucket.as_str(),
            key.as_str(),
            owner(actor),
            announced.content_type.clone(),
            now,
            largest,
        ];
        match place.db.execute(sql, values).await? {
            0 => Err(Error::not_found("bucket")),
            _ => Ok(Some(DirectUpload {
                form,
                expires_at: now + LIFETIME,
            })),
        }
    }

    /// Makes an object of the bytes that `actor` sent to the store itself for this key, replacing what is there; what
    /// the client said of them does not count. Where nothing was begun the object that is there is answered.
    ///
    /// # Errors
    /// `object.not_found` when no bytes came; `objects.too_large`; as [`Objects::upload`].
    pub async fn confirm(&self, actor: &Actor, bucket: &BucketName, key: &ObjectKey) -> Result<Object> {
        let place = &self.0;
        if actor.user().is_none() && !actor.is_administrator() {
            return Ok(self.find(actor, bucket, key, None).await?.0);
        }
        let sql = "SELECT id, mime_type FROM storage.direct_uploads
                   WHERE bucket = $1 AND key = $2 AND uploaded_by IS NOT DISTINCT FROM $3
                   ORDER BY id DESC LIMIT 10";
        let values = params![bucket.as_str(), key.as_str(), owner(actor)];
        let begun: Vec<Pending> = place.db.all(sql, values).await?;
        for pending in begun {
            if place.bytes.head(&place.name(pending.id)).await?.is_some() {
                return self.take_over(actor, bucket, key, pending).await;
            }
        }
        Ok(self.find(actor, bucket, key, None).await?.0)
    }

    async fn take_over(
        &self,
        actor: &Actor,
        bucket: &BucketName,
        key: &ObjectKey,
        pending: Pending,
    ) -> Result<Object> {
        let place = &self.0;
        let reach = place.reach(actor).await?;
        let limit = place.ground(&reach, bucket, key).await?;
        let blob = Id::new(place.clock.as_ref());
        let named = place
            .bytes
            .copy(&place.name(pending.id), &place.name(blob))
            .await?;
        let found = match self.judged(blob, limit, named, &pending).await {
            Ok((size, mime_type, etag)) => {
                let object = Object {
                    bucket: bucket.clone(),
                    key: key.clone(),
                    size,
                    mime_type: Some(mime_type),
                    uploaded_at: place.clock.now(),
                    uploaded_by: owner(actor),
                    uploaded_via: Via::Rest,
                    s3_access_key_id: None,
                    etag: Some(etag),
                    blob,
                    attached: None,
                };
                place.store(&reach, object, &Condition::None).await
            }
            Err(error) => Err(error),
        };
        match found {
            Ok((object, old)) => {
                metrics::counter!("files_uploaded_bytes_total").increment(object.size);
                place.discard(old.as_slice()).await;
                place.forget(pending.id).await?;
                Ok(object)
            }
            Err(error) => {
                if refused(&error) {
                    place.discard(&[blob]).await;
                    place.forget(pending.id).await?;
                }
                Err(error)
            }
        }
    }

    /// Size, type and digest of bytes that came without us.
    async fn judged(
        &self,
        blob: Id,
        limit: u64,
        named: Option<String>,
        pending: &Pending,
    ) -> Result<(u64, String, String)> {
        let place = &self.0;
        let name = place.name(blob);
        let there = place.bytes.head(&name).await?;
        let size = there.ok_or_else(|| Error::not_found("object"))?.size;
        if size > limit {
            return Err(too_large(limit));
        }
        let head = size.min(u64::try_from(SNIFFED).unwrap_or(u64::MAX));
        let pieces: Vec<bytes::Bytes> = place.bytes.get(&name, Some(0..head)).await?.try_collect().await?;
        let mime_type = stored_type(&pieces.concat(), pending.mime_type.as_deref());
        let etag = match named {
            Some(named) => named,
            None => {
                let mut digest = Md5::new();
                let mut bytes = place.bytes.get(&name, None).await?;
                while let Some(chunk) = bytes.try_next().await? {
                    digest.update(&chunk);
                }
                hex::encode(digest.finalize())
            }
        };
        Ok((size, mime_type, etag))
    }
}

impl Place {
    /// Forgets an upload: its row, then what came by its form.
    async fn forget(&self, id: Id) -> Result<()> {
        let sql = "DELETE FROM storage.direct_uploads WHERE id = $1";
        self.db.execute(sql, params![id]).await?;
        self.discard(&[id]).await;
        Ok(())
    }

    /// Forgets what was begun long ago and never confirmed, with what came by it, and answers how many there were.
    pub(crate) async fn forget_abandoned(&self) -> Result<u64> {
        let sql = "SELECT id FROM storage.direct_uploads WHERE created_at < $1 ORDER BY id LIMIT 100";
        let mut forgotten = 0;
        loop {
            let old: Vec<Id> = self.db.all(sql, params![self.clock.now() - ABANDONED]).await?;
            if old.is_empty() {
                return Ok(forgotten);
            }
            for id in old {
                tracing::info!(upload = %id, "an upload that nobody confirmed is forgotten");
                self.forget(id).await?;
                forgotten += 1;
            }
        }
    }
}

fn owner(actor: &Actor) -> Option<String> {
    actor.user().map(|user| user.subject.clone())
}
