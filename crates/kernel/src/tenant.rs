//! A tenant's name, checked before any SQL or path sees it.

use std::fmt;
use std::str::FromStr;

use crate::Error;

/// The key of a tenant: letters, digits and underscore, 1 to 63 characters, stored in lower case.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Tenant(String);

impl Tenant {
    /// The most characters a key may have: the length of a PostgreSQL name.
    pub const MAX_LENGTH: usize = 63;

    /// The key.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Tenant {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let fits = !text.is_empty()
            && text.len() <= Self::MAX_LENGTH
            && text
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        if fits {
            Ok(Self(text.to_ascii_lowercase()))
        } else {
            Err(Error::invalid(
                "tenant",
                "A tenant's key is 1 to 63 letters, digits or underscores",
            )
            .code("tenant.name_invalid"))
        }
    }
}

impl fmt::Display for Tenant {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_could_leave_their_place_are_refused() {
        for bad in ["", "a-b", "a.b", "../x", "a\"b", "a;drop", "ä", &"a".repeat(64)] {
            assert!(bad.parse::<Tenant>().is_err(), "{bad:?} was accepted");
        }
        assert_eq!("Nord_1".parse::<Tenant>().unwrap().as_str(), "nord_1");
        assert!("a".repeat(63).parse::<Tenant>().is_ok());
    }
}
