//! Values: from a client's text to what SQLite stores, with PostgreSQL's refusals.

mod array;
mod body;
mod canonical;
mod csv;
mod json;
mod moment;

pub(crate) use array::{array_literal, parse_array};
pub(crate) use body::{Body, Rows, read_body};
pub(crate) use canonical::canonical;
pub(crate) use json::{Token, check_depth};
