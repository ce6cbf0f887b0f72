//! What a bucket may be called.

use std::fmt;
use std::str::FromStr;

use busbar_kernel::{Error, Result};
use serde::{Deserialize, Serialize};

/// A bucket's name: letters, digits, `_` and `-`, 1 to 63 of them.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct BucketName(String);

impl BucketName {
    /// The most characters a name may have.
    pub const MAX_LENGTH: usize = 63;

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for BucketName {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let fits = (1..=Self::MAX_LENGTH).contains(&text.len())
            && text
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-');
        if fits {
            Ok(Self(text.to_owned()))
        } else {
            Err(Error::invalid(
                "bucketName",
                "A bucket's name is 1 to 63 letters, digits, underscores or hyphens",
            )
            .code("files.bucket_name_invalid"))
        }
    }
}

impl fmt::Display for BucketName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_names_pass() {
        for bad in ["", "a b", "a/b", "..", "a.b", "ä", "a'", "a\0", &"a".repeat(64)] {
            assert!(bad.parse::<BucketName>().is_err(), "{bad:?} was accepted");
        }
        for good in ["a", "My-Bucket_1", &"a".repeat(63)] {
            assert_eq!(good.parse::<BucketName>().unwrap().as_str(), good);
        }
    }
}
