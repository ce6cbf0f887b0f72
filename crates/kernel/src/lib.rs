//! The words every part of Busbar shares.
#![doc = include_str!("../README.md")]

pub mod actor;
pub mod clock;
pub mod error;
pub mod ids;
pub mod random;
pub mod secret;
pub mod tenant;
pub mod variables;

pub use actor::{Actor, Holder};
pub use clock::{Clock, MovableClock, SystemClock, Timestamp};
pub use error::{Error, Kind, Result};
pub use secret::Secret;
pub use tenant::Tenant;
