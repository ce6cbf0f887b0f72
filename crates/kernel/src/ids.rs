//! Typed identifiers: UUIDv7, so that they sort by birth and cannot be mistaken for one another.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Clock, Error, random};

/// A new UUIDv7 at the clock's time.
pub fn new_uuid(clock: &dyn Clock) -> Uuid {
    let millis = u64::try_from(clock.now().timestamp_millis()).unwrap_or(0);
    let mut counter_and_random = [0u8; 10];
    random::fill(&mut counter_and_random);
    uuid::Builder::from_unix_timestamp_millis(millis, &counter_and_random).into_uuid()
}

/// Declares a typed identifier around a UUID: `typed_id!(UserId, "user")`.
#[macro_export]
macro_rules! typed_id {
    ($(#[$doc:meta])* $name:ident, $what:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub $crate::ids::Id);

        impl $name {
            /// A new identifier, born now.
            pub fn new(clock: &dyn $crate::Clock) -> Self {
                Self($crate::ids::Id::new(clock))
            }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(out)
            }
        }
        impl std::fmt::Debug for $name {
            fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(out, "{}:{}", $what, self.0)
            }
        }
        impl std::str::FromStr for $name {
            type Err = $crate::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse()
                    .map(Self)
                    .map_err(|error: $crate::Error| error.with("what", $what))
            }
        }
    };
}

/// The UUID inside a typed identifier.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Id(pub Uuid);

impl Id {
    /// A new identifier, born now.
    pub fn new(clock: &dyn Clock) -> Self {
        Self(new_uuid(clock))
    }
}

impl fmt::Display for Id {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(out)
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(out)
    }
}

impl FromStr for Id {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self, Error> {
        Uuid::try_parse(text)
            .map(Self)
            .map_err(|_| Error::invalid("id", "This is not a UUID"))
    }
}

typed_id!(
    /// The identifier of one request, in `x-request-id` and every log line about it.
    RequestId,
    "request"
);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::MovableClock;
    use std::time::Duration;

    #[test]
    fn later_identifiers_sort_after_earlier_ones() {
        let clock = MovableClock::at_2026();
        let first = RequestId::new(&clock);
        clock.advance(Duration::from_millis(1));
        let second = RequestId::new(&clock);
        assert!(first < second);
        assert_eq!(first.to_string().parse::<RequestId>().unwrap(), first);
        assert_eq!(first.0.0.get_version_num(), 7);
    }
}
