//! The guard rails: what must stay true of the whole house, checked on the composed program and on its sources.
#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod access;
mod adopt;
mod arrows;
mod backups;
mod connections;
mod golden;
mod http;
mod map;
mod migrations;
mod modes;
mod musts;
mod program;
mod repository;
mod tidy;
mod two_processes;
