//! Keys of a directory: the ring that signs access tokens, and the two long-lived access keys.

mod access;
mod pem;
mod ring;

pub use access::{AccessKey, AccessKeys};
pub use ring::KeyRing;
