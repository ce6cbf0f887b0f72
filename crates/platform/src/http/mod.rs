//! A request's way in and out: the edge, the guard of each route, extractors, errors to responses.

pub(crate) mod address;
pub mod context;
pub(crate) mod cors;
pub(crate) mod edge;
pub mod failure;
pub mod form;
pub(crate) mod front;
pub(crate) mod guard;
pub mod input;
pub(crate) mod internal;
pub(crate) mod meter;
pub mod query;
pub(crate) mod rate;
pub mod seen;
pub(crate) mod steady;
pub(crate) mod unread;
pub mod upload;
