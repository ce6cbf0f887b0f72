//! Policies: who may see and write which rows, as an expression both databases understand alike.

mod claims;
mod compile;
mod condition;
mod expression;
mod json_key;
mod parse;
mod parse_select;
mod path;
mod predicate;
mod resolve;
mod select;
mod stored;

pub use claims::claimed;
pub(crate) use compile::predicate;
pub use condition::{Condition, Side, condition};
pub(crate) use expression::Expression;
pub use json_key::JsonKey;
pub(crate) use parse::parse;
pub use path::sqlite_functions;
pub use predicate::{Claim, Command, Piece, Policy, Predicate};
pub(crate) use resolve::{Nothing, asks, compile_all, mentioned, qualify, recursion};
pub(crate) use stored::{StoredPolicy, row_name, stored};
