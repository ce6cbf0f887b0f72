//! The variable table: what an entry is, where values come from, what is in force.

mod entry;
mod mode;
mod production;
mod reading;
mod settings;

pub use entry::{Entry, Variable};
pub use mode::Mode;
pub use production::{Rule, is_weak_secret};
pub use reading::Reading;
pub use settings::{Origin, Problem, Setting, Settings, Source, mask_address_password};
