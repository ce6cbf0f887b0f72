//! What a bucket holds: ListObjectsV2, ListObjects, ListMultipartUploads.

use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use busbar_files::BucketName;
use busbar_files::objects::{KeyEntry, KeyList, KeyPage};
use busbar_kernel::Result;
use busbar_kernel::clock::iso_millis;
use busbar_ports::sigv4::encode_path;

use super::Call;
use crate::gateway::refusal;
use crate::gateway::xml::Answer;

/// What both versions have in common.
struct Asked {
    list: KeyList,
    encoded: bool,
}

impl Asked {
    fn by(call: &Call, after: String) -> Result<Self> {
        let query = &call.query;
        let limit = query.number("max-keys", 1000)?;
        let list = KeyList {
            prefix: query.get("prefix").unwrap_or_default().to_owned(),
            delimiter: query
                .get("delimiter")
                .filter(|text| !text.is_empty())
                .map(str::to_owned),
            after,
            limit: usize::try_from(limit).unwrap_or(KeyList::MOST).min(KeyList::MOST),
        };
        let encoded = match query.get("encoding-type") {
            None => false,
            Some("url") => true,
            Some(_) => {
                return Err(refusal(
                    "InvalidArgument",
                    "Invalid Encoding Method specified in Request",
                ));
            }
        };
        Ok(Self { list, encoded })
    }

    async fn page(&self, call: &Call, bucket: &BucketName) -> Result<KeyPage> {
        let objects = &call.services.files.objects;
        objects.keys(&call.actor, bucket, &self.list).await
    }

    fn shown(&self, text: &str) -> String {
        if self.encoded {
            encode_path(text)
        } else {
            text.to_owned()
        }
    }

    fn begin(&self, answer: &mut Answer, bucket: &BucketName) {
        answer
            .put("Name", bucket.as_str())
            .put("Prefix", self.shown(&self.list.prefix));
        answer.put_some(
            "Delimiter",
            self.list.delimiter.as_ref().map(|text| self.shown(text)),
        );
        answer.put("MaxKeys", self.list.limit.to_string());
        answer.put_some("EncodingType", self.encoded.then_some("url"));
    }

    fn entries(&self, answer: &mut Answer, page: &KeyPage) {
        answer.put("IsTruncated", page.truncated.to_string());
        for entry in &page.entries {
            match entry {
                KeyEntry::Prefix(prefix) => answer.nest("CommonPrefixes", |inner| {
                    inner.put("Prefix", self.shown(prefix));
                }),
                KeyEntry::Object(object) => answer.nest("Contents", |inner| {
                    inner
                        .put("Key", self.shown(object.key.as_str()))
                        .put("LastModified", iso_millis(object.uploaded_at))
                        .put(
                            "ETag",
                            format!("\"{}\"", object.etag.as_deref().unwrap_or_default()),
                        )
                        .put("Size", object.size.to_string())
                        .put("StorageClass", "STANDARD");
                }),
            };
        }
    }
}

/// ListObjectsV2.
pub(super) async fn second(call: &Call, bucket: &BucketName) -> Result<Response> {
    let token = call.query.get("continuation-token");
    let start = call.query.get("start-after");
    let after = match token {
        Some(token) => opened(token)?,
        None => start.unwrap_or_default().to_owned(),
    };
    let asked = Asked::by(call, after)?;
    let page = asked.page(call, bucket).await?;
    let mut answer = Answer::new("ListBucketResult");
    asked.begin(&mut answer, bucket);
    answer.put("KeyCount", page.entries.len().to_string());
    answer
        .put_some("ContinuationToken", token)
        .put_some("StartAfter", start.map(|text| asked.shown(text)));
    if page.truncated {
        answer.put_some(
            "NextContinuationToken",
            page.entries
                .last()
                .map(|last| URL_SAFE_NO_PAD.encode(last.text())),
        );
    }
    asked.entries(&mut answer, &page);
    Ok(answer.send())
}

/// ListObjects, the first version.
pub(super) async fn first(call: &Call, bucket: &BucketName) -> Result<Response> {
    let marker = call.query.get("marker").unwrap_or_default();
    let asked = Asked::by(call, marker.to_owned())?;
    let page = asked.page(call, bucket).await?;
    let mut answer = Answer::new("ListBucketResult");
    asked.begin(&mut answer, bucket);
    answer.put("Marker", asked.shown(marker));
    if page.truncated {
        answer.put_some(
            "NextMarker",
            page.entries.last().map(|last| asked.shown(last.text())),
        );
    }
    asked.entries(&mut answer, &page);
    Ok(answer.send())
}

/// ListMultipartUploads.
pub(super) async fn uploads(call: &Call, bucket: &BucketName) -> Result<Response> {
    let query = &call.query;
    let limit = query.number("max-uploads", 1000)?;
    let (prefix, key) = (
        query.get("prefix").unwrap_or_default(),
        query.get("key-marker").unwrap_or_default(),
    );
    let id = query.get("upload-id-marker").and_then(|text| text.parse().ok());
    let limit = usize::try_from(limit).unwrap_or(1000).min(1000);
    let page = call
        .services
        .files
        .uploads
        .list(&call.actor, bucket, prefix, (key, id), limit)
        .await?;
    let mut answer = Answer::new("ListMultipartUploadsResult");
    answer
        .put("Bucket", bucket.as_str())
        .put("Prefix", prefix)
        .put("KeyMarker", key);
    answer
        .put("MaxUploads", limit.to_string())
        .put("IsTruncated", page.truncated.to_string());
    if let Some(last) = page.uploads.last().filter(|_| page.truncated) {
        answer
            .put("NextKeyMarker", last.key.as_str())
            .put("NextUploadIdMarker", last.id.to_string());
    }
    for upload in &page.uploads {
        answer.nest("Upload", |inner| {
            inner
                .put("Key", upload.key.as_str())
                .put("UploadId", upload.id.to_string())
                .put("StorageClass", "STANDARD")
                .put("Initiated", iso_millis(upload.created_at));
        });
    }
    Ok(answer.send())
}

/// The key inside of a token of ours.
fn opened(token: &str) -> Result<String> {
    let bytes = URL_SAFE_NO_PAD.decode(token).ok();
    let text = bytes
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .filter(|text| !text.is_empty());
    text.ok_or_else(|| refusal("InvalidArgument", "The continuation token provided is incorrect"))
}
