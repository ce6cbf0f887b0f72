//! What an object may be called.

use std::fmt;
use std::str::FromStr;

use busbar_kernel::{Error, Result};
use serde::{Deserialize, Serialize};

/// An object's key, decoded: any text that no path can be hurt by, of 1 to 1,024 bytes; `/` makes folders.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ObjectKey(String);

impl ObjectKey {
    /// The most bytes a key may have.
    pub const MAX_LENGTH: usize = 1024;

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text behind the last `/`, for the name of a download.
    pub fn file_name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or_default()
    }

    pub(super) fn trusted(text: String) -> Self {
        Self(text)
    }
}

impl FromStr for ObjectKey {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let refuse = |why: &'static str| Err(Error::invalid("key", why).code("files.key_invalid"));
        if text.is_empty() {
            return refuse("A file's key must not be empty");
        }
        if text.len() > Self::MAX_LENGTH {
            return refuse("A file's key has at most 1024 bytes");
        }
        if text.chars().any(char::is_control) {
            return refuse("A file's key must not hold control characters");
        }
        // The bytes are never stored under the key, but people unpack what they download.
        if text.starts_with(['/', '\\']) {
            return refuse("A file's key must not begin with a slash");
        }
        if text.split(['/', '\\']).any(|segment| segment == "..") {
            return refuse("A file's key must not hold '..'");
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for ObjectKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_that_could_climb_are_refused_and_name_the_field() {
        let long = "a".repeat(ObjectKey::MAX_LENGTH + 1);
        for bad in [
            "",
            "/etc/passwd",
            "\\windows",
            "..",
            "../a",
            "a/..",
            "a/../b",
            "a\\..\\b",
            "..\\a",
            "a/..\\b",
            "a\0b",
            "a\nb",
            "a\u{7f}",
            "a\u{85}",
            "\u{1b}[2J",
            &long,
        ] {
            let error = bad.parse::<ObjectKey>().expect_err(bad);
            assert_eq!(error.field_str(), Some("key"));
        }
    }

    #[test]
    fn ordinary_keys_pass_unchanged() {
        let long = "a".repeat(ObjectKey::MAX_LENGTH);
        for good in [
            "a",
            "a/b/c.txt",
            "a..b",
            "...",
            "a/.hidden",
            "ärger/图 1.png",
            "%2e%2e/a",
            "a//b",
            &long,
        ] {
            assert_eq!(good.parse::<ObjectKey>().unwrap().as_str(), good);
        }
        assert_eq!("a/b/c.txt".parse::<ObjectKey>().unwrap().file_name(), "c.txt");
    }
}
