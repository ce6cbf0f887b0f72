//! How a secret that must be readable again is kept: sealed by whoever holds the installation's sealing key.

use std::fmt;

use busbar_kernel::{Result, Secret};

/// Seals and opens texts; given by whoever composes the program.
pub trait Sealer: fmt::Debug + Send + Sync + 'static {
    /// Seals a secret.
    ///
    /// # Errors
    /// When the cipher refuses.
    fn seal(&self, plain: &Secret) -> Result<String>;

    /// Opens it; `None` when it was sealed with another key or changed.
    fn open(&self, sealed: &str) -> Option<Secret>;
}
