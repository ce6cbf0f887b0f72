//! Passwords: the rules they keep, and their hashes, computed on threads of their own.

mod hash;
mod rules;
mod threads;

pub(crate) use rules::MAX_BYTES;
pub use rules::PasswordRules;
pub use threads::{PasswordHasher, Verdict};
