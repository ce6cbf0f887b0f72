//! Functions, triggers, views and sequences as they stand.

mod functions;
mod sequences;
mod triggers;
mod views;

use busbar_schema::Schema;

pub use functions::FunctionDescription;
pub use sequences::SequenceDescription;
pub use triggers::TriggerDescription;
pub use views::ViewDescription;

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
