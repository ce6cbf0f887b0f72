//! InsForge's HTTP surface over Busbar's capabilities.
#![doc = include_str!("../README.md")]

use std::sync::Arc;

use busbar_platform::App;

mod address;
pub mod config;
mod cookies;
pub mod errors;
pub mod gate;
mod gateway;
mod handlers;
pub mod permissions;
pub mod rest_errors;
pub mod rest_gate;
mod routes;
mod services;
mod views;

pub use address::object_path;
pub use gateway::{PATH as GATEWAY_PATH, REGION as GATEWAY_REGION};
pub use services::{Parts, Services};

/// The app.
pub fn app(services: Services) -> App {
    let gate = Arc::new(gate::InsforgeGate::new(&services));
    App::new("insforge", gate)
        .shape(errors::shape)
        .permissions(permissions::ALL)
        .routes(routes::table(&services).with_state(services))
}
