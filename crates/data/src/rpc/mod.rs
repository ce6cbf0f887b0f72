//! Functions of the database, called by name (PostgREST's contract, 7).

mod arguments;
mod call;
mod media;
mod passed;
mod resolve;
mod streamed;

pub(crate) use call::{FEATURE, call};
pub(crate) use media::{ANY, content_type};
pub(crate) use resolve::volatility;
