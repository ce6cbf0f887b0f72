//! What the handlers work with.

use std::sync::Arc;

use busbar_kernel::Clock;

use crate::page::Bundle;

/// The capabilities and facts that handlers need; cheap to clone.
#[derive(Clone)]
pub struct Services {
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// The page's files.
    pub bundle: Bundle,
}
