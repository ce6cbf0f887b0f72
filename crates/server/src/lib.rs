//! The busbar program: composition, command line, embedded pages.
#![doc = include_str!("../README.md")]

mod addresses;
pub mod apps;
pub mod commands;
pub mod compose;
pub mod config;
pub mod embedded;
pub mod environment;
pub mod exposure;
pub mod health;
mod inspection;
mod installation;
pub mod listen;
mod metrics;
pub mod needs;
mod upkeep;
pub mod variables;

/// The version, as every surface shows it.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
