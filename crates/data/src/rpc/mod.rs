//! Functions of the database, called by name (PostgREST's contract, 7).

mod arguments;
mod call;
mod resolve;

pub(crate) use call::{FEATURE, call};
pub(crate) use resolve::volatility;
