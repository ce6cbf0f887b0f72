//! Typed queries, checked against the catalogue, to one statement in the database's dialect.

mod bind;
mod builder;
mod change;
mod condition;
mod guard;
mod insert;
mod output;
mod plans;
mod read;

pub(crate) use bind::{Given, Inputs, as_json, literals};
pub(crate) use builder::Statement;
pub(crate) use change::{Change, ChangeKind, change};
pub(crate) use insert::{Conflict, Insert, count_conflicts, insert};
pub(crate) use output::Output;
pub(crate) use plans::{Plan, Plans, write_shape};
pub(crate) use read::{Read, ReadPlan, read};
