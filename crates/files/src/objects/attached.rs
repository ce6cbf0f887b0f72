//! What an S3 client attaches to an object beside its bytes.

use std::collections::BTreeMap;

use busbar_kernel::{Actor, Error, Result};
use busbar_store::params;
use serde::{Deserialize, Serialize};

use super::{Object, Objects};
use crate::reach::changed;
use crate::rules::administrator;
use crate::{BucketName, ObjectKey};

/// Headers and tags that come back with the object.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Attached {
    /// `Cache-Control`, `Content-Disposition`, `Content-Encoding`, `Content-Language`, `Expires`: names in
    /// lower case.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, String>,
    /// What followed `x-amz-meta-`: names in lower case.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub metadata: BTreeMap<String, String>,
    /// Tags.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub tags: BTreeMap<String, String>,
}

impl Attached {
    /// The most tags of one object.
    pub const MOST_TAGS: usize = 10;
    /// The most bytes of names and values in `metadata`.
    pub const MOST_METADATA: usize = 2048;

    /// As it is kept; nothing attached is no text.
    pub(crate) fn text(&self) -> Option<String> {
        (*self != Self::default()).then(|| serde_json::to_string(self).unwrap_or_default())
    }

    /// Whether it may be kept.
    ///
    /// # Errors
    /// `Invalid` for too many tags, a tag or metadata that is too long.
    pub fn check(&self) -> Result<()> {
        let size: usize = self
            .metadata
            .iter()
            .map(|(name, value)| name.len() + value.len())
            .sum();
        if size > Self::MOST_METADATA {
            return Err(Error::invalid("x-amz-meta", "Metadata has at most 2048 bytes")
                .code("files.metadata_too_large"));
        }
        let fits = |(name, value): (&String, &String)| {
            (1..=128).contains(&name.chars().count()) && value.chars().count() <= 256
        };
        if self.tags.len() > Self::MOST_TAGS || !self.tags.iter().all(fits) {
            let message = "An object has at most 10 tags of 1 to 128 characters with values of at most 256";
            return Err(Error::invalid("Tagging", message).code("files.tags_invalid"));
        }
        Ok(())
    }
}

impl Object {
    /// What was attached to it.
    pub fn attached(&self) -> Attached {
        let text = self.attached.as_deref().unwrap_or("{}");
        serde_json::from_str(text).unwrap_or_default()
    }
}

impl Objects {
    /// Replaces an object's tags.
    ///
    /// # Errors
    /// `Forbidden` for others than administrators; `object.not_found`; as [`Attached::check`].
    pub async fn set_tags(
        &self,
        actor: &Actor,
        bucket: &BucketName,
        key: &ObjectKey,
        tags: BTreeMap<String, String>,
    ) -> Result<()> {
        administrator(actor)?;
        let (object, _) = self.find(actor, bucket, key, None).await?;
        let attached = Attached {
            tags,
            ..object.attached()
        };
        attached.check()?;
        // Only the version that was looked at: a replacement in between has tags of its own.
        let sql = "UPDATE storage.objects SET attached = $3 WHERE bucket = $1 AND key = $2 AND blob = $4";
        let values = params![bucket.as_str(), key.as_str(), attached.text(), object.blob];
        match self.0.db.execute(sql, values).await? {
            0 => Err(changed()),
            _ => Ok(()),
        }
    }
}
