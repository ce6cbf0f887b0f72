//! Values: from a client's text to what SQLite stores, with PostgreSQL's refusals.

mod array;
mod body;
mod csv;
mod json;
mod stored;

pub(crate) use array::{array_literal, parse_array};
pub(crate) use body::{Body, Rows, read_body};
pub(crate) use json::Token;
pub(crate) use stored::stored;
