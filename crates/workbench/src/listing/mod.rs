//! Functions and triggers as they stand.

mod functions;
mod triggers;

use busbar_schema::Schema;

pub use functions::FunctionDescription;
pub use triggers::TriggerDescription;

/// What there is beside tables. Every verb is the administrator's: whoever calls it has checked that.
#[derive(Clone)]
pub struct Listing {
    schema: Schema,
}

impl Listing {
    pub(crate) fn new(schema: Schema) -> Self {
        Self { schema }
    }
}
