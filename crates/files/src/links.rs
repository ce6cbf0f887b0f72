//! Signed links: for a time, whoever holds one may read one object.

use std::sync::Arc;
use std::time::Duration;

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use busbar_kernel::{Actor, Error, Result, Timestamp};
use busbar_ports::objects::LinkRequest;
use busbar_ports::sigv4::encode;

use crate::rules::FALLBACK;
use crate::{BucketName, Object, ObjectKey, Place};

/// What stands before everything that is signed, so that this key's signatures mean nothing elsewhere.
const PURPOSE: &[u8] = b"busbar signed object link 1";

/// Verbs on signed links.
#[derive(Clone)]
pub struct Links {
    place: Arc<Place>,
    key: hmac::Key,
}

/// A link's token and how long it is good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Letters, digits, `.`, `-` and `_`, to be passed with the download.
    pub token: String,
    /// From this moment on it is refused.
    pub expires_at: Timestamp,
}

impl Links {
    /// How long a link lasts where nobody says.
    pub const DEFAULT_LIFETIME: Duration = Duration::from_secs(3600);
    /// The longest a link may last.
    pub const MAX_LIFETIME: Duration = Duration::from_secs(604_800);

    pub(crate) fn new(place: Arc<Place>) -> Self {
        let secret = place.settings.link_secret.expose().as_bytes();
        let derived = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), PURPOSE);
        let key = hmac::Key::new(hmac::HMAC_SHA256, derived.as_ref());
        Self { place, key }
    }

    /// A link to an object that `actor` may read, good for `lifetime`, which is brought within one second and
    /// seven days. It outlives a replacement by the object's owner, but not a change of owner: the next person
    /// to use the key owes the link nothing.
    ///
    /// # Errors
    /// As [`crate::Objects::find`].
    pub async fn sign(
        &self,
        actor: &Actor,
        bucket: &BucketName,
        key: &ObjectKey,
        lifetime: Duration,
    ) -> Result<Link> {
        let objects = crate::Objects(Arc::clone(&self.place));
        let (object, _) = objects.find(actor, bucket, key, None).await?;
        let lifetime = lifetime.clamp(Duration::from_secs(1), Self::MAX_LIFETIME);
        let seconds = (self.place.clock.now() + lifetime).timestamp();
        let expires_at = Timestamp::from_timestamp(seconds, 0).unwrap_or_default();
        let owner = self.owner_mark(&object);
        let signature = self.signature(bucket, key, seconds, &owner);
        Ok(Link {
            token: format!("{seconds}.{owner}.{}", URL_SAFE_NO_PAD.encode(signature.as_ref())),
            expires_at,
        })
    }

    /// An address at the object store itself that reads an object which `actor` may read, for `lifetime`, brought
    /// within one second and seven days; `None` where the store gives none. It opens the version that is there
    /// now, and no later one.
    ///
    /// # Errors
    /// As [`crate::Objects::find`]; when the store cannot sign.
    pub async fn outside(
        &self,
        actor: &Actor,
        bucket: &BucketName,
        key: &ObjectKey,
        lifetime: Duration,
    ) -> Result<Option<(String, Timestamp)>> {
        let objects = crate::Objects(Arc::clone(&self.place));
        let (object, _) = objects.find(actor, bucket, key, None).await?;
        let lifetime = lifetime.clamp(Duration::from_secs(1), Self::MAX_LIFETIME);
        let mime_type = object.mime_type.unwrap_or_else(|| FALLBACK.to_owned());
        let wanted = LinkRequest {
            lifetime,
            disposition: (mime_type == FALLBACK).then(|| {
                let name = encode(key.file_name());
                format!("attachment; filename*=UTF-8''{name}")
            }),
            content_type: Some(mime_type),
        };
        let link = self.place.bytes.link(&self.place.name(object.blob), &wanted)?;
        Ok(link.map(|link| (link, self.place.clock.now() + lifetime)))
    }

    /// Whether `token` opens the object, `None` where there is none at this key.
    ///
    /// # Errors
    /// `files.link_invalid`, `files.link_expired`.
    pub(crate) fn verify(
        &self,
        bucket: &BucketName,
        key: &ObjectKey,
        object: Option<&Object>,
        token: &str,
    ) -> Result<()> {
        let mut parts = token.splitn(3, '.');
        let (Some(seconds), Some(owner), Some(signature)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(wrong());
        };
        let expires: i64 = seconds.parse().map_err(|_| wrong())?;
        let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| wrong())?;
        let signed = signed_text(bucket, key, expires, owner);
        // Constant in time; the number is signed in its plain form, so "+1" or "01" do not pass for "1".
        hmac::verify(&self.key, &signed, &signature).map_err(|_| wrong())?;
        if seconds != expires.to_string() || object.is_some_and(|object| self.owner_mark(object) != owner) {
            return Err(wrong());
        }
        if self.place.clock.now().timestamp() >= expires {
            return Err(Error::forbidden("files.link_expired", "This link has expired"));
        }
        Ok(())
    }

    fn signature(&self, bucket: &BucketName, key: &ObjectKey, expires: i64, owner: &str) -> hmac::Tag {
        hmac::sign(&self.key, &signed_text(bucket, key, expires, owner))
    }

    /// Tells owners apart without naming them.
    fn owner_mark(&self, object: &Object) -> String {
        let owner = match &object.uploaded_by {
            Some(subject) => format!("owner {subject}"),
            None => "administrator".to_owned(),
        };
        let mark = hmac::sign(&self.key, owner.as_bytes());
        URL_SAFE_NO_PAD.encode(&mark.as_ref()[..9])
    }
}

/// Every part with its length before it, so that no two different links sign the same text.
fn signed_text(bucket: &BucketName, key: &ObjectKey, expires: i64, owner: &str) -> Vec<u8> {
    let expires = expires.to_string();
    let mut text = b"link".to_vec();
    for part in [bucket.as_str(), key.as_str(), &expires, owner] {
        text.extend_from_slice(&(part.len() as u64).to_be_bytes());
        text.extend_from_slice(part.as_bytes());
    }
    text
}

fn wrong() -> Error {
    Error::forbidden("files.link_invalid", "This link is not valid")
}
