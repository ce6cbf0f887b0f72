//! Policies as an API: create, drop, list; of people's tables, and of `storage.objects`.

mod asked;
mod create;
mod drop;
mod list;
mod objects;

use std::sync::Arc;

pub(crate) use asked::not_asked;
pub use create::NewPolicy;
pub use list::PolicyDescription;
pub(crate) use objects::table as objects_table;
pub use objects::{OBJECTS, ObjectSecurity, ObjectsChange, object_security};

use crate::catalogue::Library;

/// The policies of the data scope. Every verb is the administrator's: whoever calls it has checked that.
#[derive(Clone)]
pub struct Policies {
    library: Arc<Library>,
}

impl Policies {
    pub(crate) fn new(library: Arc<Library>) -> Self {
        Self { library }
    }
}
