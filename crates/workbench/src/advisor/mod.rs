//! What a project should mend: found by a scan, kept until the next, silenced where somebody said why.

mod findings;
mod indexes;
mod scan;
mod suppressions;

use std::sync::Arc;

use busbar_kernel::Clock;
use busbar_schema::Schema;

pub use findings::{Finding, FindingFilter, Scan};
pub use suppressions::{NewSuppression, Suppression};

/// The advisor. Every verb is the administrator's: whoever calls it has checked that.
#[derive(Clone)]
pub struct Advisor {
    schema: Schema,
    clock: Arc<dyn Clock>,
}

impl Advisor {
    pub(crate) fn new(schema: Schema, clock: Arc<dyn Clock>) -> Self {
        Self { schema, clock }
    }
}
