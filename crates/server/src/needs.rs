//! Need by need: what serves it, whether that is embedded, and what would replace it.

use std::sync::Arc;
use std::time::Duration;

use busbar_kernel::Result;
use futures_util::future::BoxFuture;

/// Looks whether what serves a need answers.
pub type Check = Arc<dyn Fn() -> BoxFuture<'static, Result<Duration>> + Send + Sync>;

/// One need and what serves it.
#[derive(Clone)]
pub struct Need {
    /// `relational data`, `cache`, `files` …
    pub name: &'static str,
    /// The word for health: `database`, `cache` …
    pub check_name: &'static str,
    /// What serves it, without a secret.
    pub provider: String,
    /// Whether it is the embedded default.
    pub embedded: bool,
    /// The variables whose setting would replace it.
    pub variables: &'static [&'static str],
    /// Looks whether it answers.
    pub check: Check,
}
