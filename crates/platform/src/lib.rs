//! How a part plugs in: apps, route tables, guards, extractors, errors to responses, limits, OpenAPI.
#![doc = include_str!("../README.md")]

pub mod access;
pub mod app;
pub mod builtin;
mod components;
pub mod compose;
pub mod config;
pub mod gate;
pub mod http;
pub mod mount;
pub mod openapi;
pub mod permission;
pub mod route;
pub mod routes;

pub use access::{Access, internal, public, signed_webhook};
pub use app::{App, Origins};
pub use compose::{Composition, Edge, compose};
pub use gate::{Gate, Head};
pub use http::context::Ctx;
pub use http::failure::{Failure, Reply, Shape};
pub use http::form::Form;
pub use http::front::Front;
pub use http::input::Input;
pub use http::query::Query;
pub use http::seen::Seen;
pub use http::upload::Upload;
pub use mount::Mount;
pub use permission::Permission;
pub use route::{Limit, Per, Route, delete, get, head, options, patch, post, put};
pub use routes::Routes;
