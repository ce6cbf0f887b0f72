//! Proving an address.

pub(crate) mod send_verification;
pub(crate) mod verify;
