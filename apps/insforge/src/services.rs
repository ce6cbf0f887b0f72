//! What the handlers work with.

use std::ops::Deref;
use std::sync::Arc;

use busbar_data::DataStore;
use busbar_files::Files;
use busbar_identity::Directory;
use busbar_kernel::Clock;
use busbar_workbench::Workbench;

use crate::config::Budgets;

/// What every handler is given. The router clones it for every request, so it is one pointer.
#[derive(Clone)]
pub struct Services(Arc<Parts>);

impl From<Parts> for Services {
    fn from(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }
}

impl Deref for Services {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

/// The capabilities and facts that handlers need.
pub struct Parts {
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
    /// Raw SQL, migrations, the record grid, the advisor.
    pub workbench: Workbench,
    /// Whether SQL may run with the owner's rights (`INSFORGE_COMPAT_UNRESTRICTED_SQL`).
    pub unrestricted_sql: bool,
    /// Buckets and objects.
    pub files: Files,
    /// Whether a bucket is public when nobody says (`INSFORGE_COMPAT_BUCKETS`).
    pub new_buckets_are_public: bool,
    /// How often one address may try to come in.
    pub budgets: Budgets,
}
