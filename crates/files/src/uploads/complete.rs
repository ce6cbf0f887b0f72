//! Making one object of the parts.

use std::collections::HashMap;
use std::sync::Arc;

use busbar_kernel::ids::Id;
use busbar_kernel::{Actor, Error, Result};
use busbar_ports::objects::ByteStream;
use futures_util::{StreamExt, TryStreamExt, stream};
use md5::{Digest, Md5};

use super::{Part, Uploads};
use crate::objects::{Condition, Object, Upload, Via, ViaS3};
use crate::rules::administrator;
use crate::{BucketName, ObjectKey, Objects};

/// The fewest bytes of every part but the last.
const LEAST: u64 = 5 * 1024 * 1024;

/// A part as the client names it at the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedPart {
    /// Its number.
    pub number: u32,
    /// Its entity tag, without quotes.
    pub etag: String,
}

impl Uploads {
    /// Makes one object of the named parts, in their order, and answers when it survives a loss of power.
    /// Their bytes are copied once, piece by piece; parts that are not named go.
    ///
    /// # Errors
    /// `Forbidden` for others than administrators; `upload.not_found`; `files.part_order`, `files.part_invalid`,
    /// `files.part_too_small`, `files.precondition`; as [`Objects::upload`].
    pub async fn complete(
        &self,
        actor: &Actor,
        (id, bucket, key): (Id, &BucketName, &ObjectKey),
        named: &[NamedPart],
        condition: Condition,
    ) -> Result<Object> {
        administrator(actor)?;
        let upload = self.find(id, bucket, key).await?;
        let parts = chosen(self.all_parts(id).await?, named)?;
        let mut digests = Md5::new();
        for part in &parts {
            digests.update(hex::decode(&part.etag).unwrap_or_default());
        }
        let etag = format!("{}-{}", hex::encode(digests.finalize()), parts.len());
        let objects = Objects(Arc::clone(&self.0));
        let object = objects
            .upload(
                actor,
                Upload {
                    bucket: bucket.clone(),
                    key: key.clone(),
                    declared_type: upload.mime_type,
                    declared_size: Some(parts.iter().map(|part| part.size).sum()),
                    via: Via::S3,
                    s3: ViaS3 {
                        access_key_id: upload.s3_access_key_id,
                        attached: upload
                            .attached
                            .and_then(|text| serde_json::from_str(&text).ok())
                            .unwrap_or_default(),
                        etag: Some(etag),
                        condition,
                    },
                    body: self.joined(parts),
                },
            )
            .await?;
        // The object stands: what is left of the upload may as well go with the sweep.
        if let Err(error) = self.remove(id).await {
            tracing::warn!(
                error = error.operator_line(),
                "a completed upload was left for the sweep"
            );
        }
        Ok(object)
    }

    /// The bytes of the parts one after another, each opened when its turn comes.
    fn joined(&self, parts: Vec<Part>) -> ByteStream {
        let place = Arc::clone(&self.0);
        stream::iter(parts)
            .then(move |part| {
                let place = Arc::clone(&place);
                async move { place.bytes.get(&place.name(part.blob), None).await }
            })
            .try_flatten()
            .boxed()
    }
}

/// The stored parts that the client names, when it names them rightly.
fn chosen(stored: Vec<Part>, named: &[NamedPart]) -> Result<Vec<Part>> {
    let refuse = |code: &'static str, message: &'static str| Err(Error::invalid("Part", message).code(code));
    if named.is_empty() {
        return refuse("files.part_invalid", "You must specify at least one part");
    }
    if !named.is_sorted_by(|one, next| one.number < next.number) {
        return refuse("files.part_order", "The list of parts was not in ascending order");
    }
    let mut stored: HashMap<u32, Part> = stored.into_iter().map(|part| (part.number, part)).collect();
    let mut parts = Vec::with_capacity(named.len());
    for named_part in named {
        let found = stored
            .remove(&named_part.number)
            .filter(|part| part.etag == named_part.etag);
        let Some(part) = found else {
            return refuse(
                "files.part_invalid",
                "One or more of the specified parts could not be found, or its entity tag did not match",
            );
        };
        parts.push(part);
    }
    let all_but_the_last = parts.iter().take(parts.len() - 1);
    if all_but_the_last.into_iter().any(|part| part.size < LEAST) {
        return refuse(
            "files.part_too_small",
            "Your proposed upload is smaller than the minimum allowed size",
        );
    }
    Ok(parts)
}
