//! What the handlers work with.

use std::sync::Arc;

use busbar_data::DataStore;
use busbar_files::Files;
use busbar_identity::Directory;
use busbar_kernel::Clock;

use crate::config::Budgets;

/// The capabilities and facts that handlers need; cheap to clone.
#[derive(Clone)]
pub struct Services {
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Busbar's version.
    pub version: &'static str,
    /// The configured address for absolute links.
    pub base_url: Option<String>,
    /// The people of this app.
    pub people: Directory,
    /// Tables, policies and rows.
    pub data: DataStore,
    /// Buckets and objects.
    pub files: Files,
    /// Whether a bucket is public when nobody says (`INSFORGE_COMPAT_BUCKETS`).
    pub new_buckets_are_public: bool,
    /// How often one address may try to come in.
    pub budgets: Budgets,
}
