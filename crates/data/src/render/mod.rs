//! Typed queries, checked against the catalogue, to one statement in the database's dialect.

mod aggregate;
mod bind;
mod builder;
mod change;
mod condition;
mod embed;
mod form;
mod guard;
mod insert;
mod node;
mod order;
mod output;
mod plans;
mod read;
mod relation;
mod returning;
mod spread;

pub(crate) use bind::{Given, Inputs, as_json, literals};
pub(crate) use builder::Statement;
pub(crate) use change::{Change, ChangeKind, change};
pub(crate) use form::RowForm;
pub(crate) use insert::{Conflict, Insert, Inserting, count_conflicts, insert};
pub(crate) use node::{Asked, node};
pub(crate) use output::Output;
pub(crate) use plans::{Plan, Plans, write_below, write_shape};
pub(crate) use read::{Read, ReadPlan, read};
