//! The text of a statement that is asked again and again: what it is for its database is found once and kept with it.

use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use super::resolve::{Dialected, Target};

/// A statement's text; copies share it.
#[derive(Clone, Default)]
pub struct Sql(Arc<Kept>);

#[derive(Default)]
struct Kept {
    text: String,
    resolved: OnceLock<(Target, Arc<Dialected>)>,
}

impl Sql {
    /// What the text was resolved to for this database, if it was.
    pub(super) fn resolved(&self, target: Target) -> Option<Arc<Dialected>> {
        let (of, resolved) = self.0.resolved.get()?;
        (*of == target).then(|| resolved.clone())
    }

    /// Keeps what the text is for the first database that asked.
    pub(super) fn keep(&self, target: Target, resolved: Arc<Dialected>) {
        // A second one's is found by the resolver's memory instead.
        let _ = self.0.resolved.set((target, resolved));
    }
}

impl Deref for Sql {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0.text
    }
}

impl From<String> for Sql {
    fn from(text: String) -> Self {
        Self(Arc::new(Kept {
            text,
            resolved: OnceLock::new(),
        }))
    }
}

impl From<&str> for Sql {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl fmt::Display for Sql {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self)
    }
}

impl fmt::Debug for Sql {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, out)
    }
}
