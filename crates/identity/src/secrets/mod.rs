//! Secrets at rest: the key they are sealed with, and the table they are kept in.

mod cipher;
mod long_iv;
mod root;
mod vault;

pub use cipher::Cipher;
pub(crate) use root::MINIMUM_SIGNING_LENGTH;
pub use root::RootSecrets;
pub use vault::{KEY_CHECK, Sealed, Vault};
