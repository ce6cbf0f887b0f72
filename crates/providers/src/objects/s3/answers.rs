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
