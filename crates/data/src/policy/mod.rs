//! Policies: who may see and write which rows, as an expression both databases understand alike.

mod compile;
mod expression;
mod parse;
mod predicate;
mod stored;

pub(crate) use compile::{compile, predicate};
pub(crate) use expression::Expression;
pub(crate) use parse::parse;
pub(crate) use predicate::{Claim, Command, Piece, Policy, Predicate};
pub(crate) use stored::{StoredPolicy, stored};
