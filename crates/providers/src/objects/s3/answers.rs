//! What S3 answers, as far as it is read here.

use busbar_kernel::{Error, Result};
use busbar_ports::objects::ObjectInfo;
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// A page of names.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Page {
    #[serde(default)]
    pub(super) is_truncated: bool,
    #[serde(default)]
    pub(super) contents: Vec<Content>,
}

/// One name.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Content {
    pub(super) key: String,
    size: u64,
}

impl Content {
    /// The object, `None` when its name is none of ours.
    pub(super) fn info(&self) -> Option<ObjectInfo> {
        let name = self.key.parse().ok()?;
        Some(ObjectInfo {
            name,
            size: self.size,
        })
    }
}

/// An upload in parts that was begun.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Begun {
    pub(super) upload_id: String,
}

/// A copy that was made, or why it was not: copying may fail inside of an answer that began as a success.
#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Copied {
    #[serde(rename = "ETag")]
    etag: String,
}

impl Copied {
    /// The MD5 of the bytes, where the entity tag can be one.
    pub(super) fn digest(&self) -> Option<String> {
        let tag = self.etag.trim_matches('"').to_ascii_lowercase();
        (tag.len() == 32 && tag.bytes().all(|byte| byte.is_ascii_hexdigit())).then_some(tag)
    }
}

/// Reads an answer.
pub(super) fn read<T: DeserializeOwned>(text: &str) -> Result<T> {
    quick_xml::de::from_str(text).map_err(|error| {
        Error::unavailable("objects.unavailable", "The files cannot be reached at the moment")
            .with("what", "S3 answered something else")
            .source(error)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_copy_is_called() {
        let copied: Copied = read(
            "<CopyObjectResult><LastModified>2026-01-01T00:00:00.000Z</LastModified>\
             <ETag>&quot;5D41402abc4b2a76b9719d911017c592&quot;</ETag></CopyObjectResult>",
        )
        .unwrap();
        assert_eq!(
            copied.digest().as_deref(),
            Some("5d41402abc4b2a76b9719d911017c592")
        );
        let parts: Copied =
            read("<CopyObjectResult><ETag>\"5d41402abc4b2a76b9719d911017c592-2\"</ETag></CopyObjectResult>")
                .unwrap();
        assert_eq!(parts.digest(), None);
    }

    #[test]
    fn pages_with_and_without_names() {
        let page: Page = read(
            "<?xml version=\"1.0\"?><ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Name>b</Name>\
             <Prefix>l/</Prefix><IsTruncated>true</IsTruncated><Contents><Key>l/a</Key><Size>2</Size><ETag>x</ETag>\
             </Contents><Contents><Key>Not ours.txt</Key><Size>1</Size></Contents></ListBucketResult>",
        )
        .unwrap();
        assert!(page.is_truncated);
        let names: Vec<_> = page.contents.iter().filter_map(Content::info).collect();
        assert_eq!((names.len(), names[0].size, page.contents.len()), (1, 2, 2));
        let empty: Page = read("<ListBucketResult><KeyCount>0</KeyCount></ListBucketResult>").unwrap();
        assert!(empty.contents.is_empty() && !empty.is_truncated);
        assert!(read::<Page>("<html>").is_err());
    }
}
