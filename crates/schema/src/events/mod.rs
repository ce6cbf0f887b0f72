//! Change events: which tables' inserts, updates and deletes are recorded, by triggers, in the transaction that makes them.

mod kept;
mod list;
mod on_postgres;
mod on_sqlite;
mod prune;
mod publish;
mod recent;
mod renamed;
mod withdraw;

use std::sync::Arc;

pub use list::Publication;
pub(crate) use on_sqlite::{drop_triggers, forget, is_event_trigger, make_triggers, published};
pub use on_sqlite::{drop_triggers_raw, make_triggers_raw};
pub use publish::NewPublication;
pub use recent::{ChangeEvent, EventPage};
pub(crate) use renamed::follow;

use crate::catalogue::Library;

/// What their triggers' names begin with; nobody else may give such a name.
const TRIGGERS: &str = "busbar_event_";

/// What can be published of a table.
const KINDS: [&str; 3] = ["INSERT", "UPDATE", "DELETE"];

/// The change events of the data scope. Every verb is the administrator's: whoever calls it has checked that.
#[derive(Clone)]
pub struct Events {
    library: Arc<Library>,
}

impl Events {
    pub(crate) fn new(library: Arc<Library>) -> Self {
        Self { library }
    }
}
