//! A configured password that has not been compared with the stored one yet.

use std::sync::OnceLock;

use busbar_kernel::{Result, Secret};
use tokio::sync::OnceCell;

/// The configured operator beside what is stored of them.
pub(crate) struct Unsettled {
    pub(crate) name: String,
    pub(crate) password: Secret,
    /// The hash as it was read at the start.
    pub(crate) stored: String,
}

/// Holds an [`Unsettled`] operator until somebody has compared.
#[derive(Default)]
pub(crate) struct Settling {
    operator: OnceLock<Unsettled>,
    done: OnceCell<()>,
}

impl Settling {
    /// Leaves the comparison for later; only the first call counts.
    pub(crate) fn set(&self, operator: Unsettled) {
        // One start reads one configuration.
        let _ = self.operator.set(operator);
    }

    /// Runs `compare` unless it has succeeded before; callers at the same time wait for one.
    ///
    /// # Errors
    /// Those of `compare`.
    pub(crate) async fn settle(&self, compare: impl AsyncFnOnce(&Unsettled) -> Result<()>) -> Result<()> {
        let Some(operator) = self.operator.get() else {
            return Ok(());
        };
        self.done.get_or_try_init(|| compare(operator)).await.copied()
    }
}
