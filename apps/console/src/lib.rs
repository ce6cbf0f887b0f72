//! The operator's surface: its API and its pages.
#![doc = include_str!("../README.md")]

use std::sync::Arc;

use busbar_platform::{App, Origins};

mod cookies;
mod gate;
mod handlers;
pub mod page;
pub mod permissions;
mod routes;
mod services;

pub use cookies::Cookies;
pub use services::{FileApi, Installation, NeedState, Services};

/// The app.
pub fn app(services: Services) -> App {
    let gate = Arc::new(gate::ConsoleGate::new(&services));
    App::new("console", gate)
        .origins(Origins::Own)
        .permissions(permissions::ALL)
        .routes(routes::table().with_state(services))
}
