//! Literals: from a client's text to what SQLite stores, with PostgreSQL's refusals.

mod canonical;
mod depth;
mod moment;

pub use canonical::canonical;
pub use depth::check_depth;
