//! Policies: who may see and write which rows, as an expression both databases understand alike.

mod compile;
mod expression;
mod json_key;
mod parse;
mod parse_select;
mod predicate;
mod resolve;
mod select;
mod stored;

pub(crate) use compile::predicate;
pub(crate) use expression::Expression;
pub use json_key::JsonKey;
pub(crate) use parse::parse;
pub use predicate::{Claim, Command, Piece, Policy, Predicate};
pub(crate) use resolve::{Nothing, asks, compile_all, mentioned, qualify, recursion};
pub(crate) use stored::{StoredPolicy, stored};
