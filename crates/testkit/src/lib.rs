//! The test application: a running Busbar, its clock, its callers, its mailbox, its databases.
#![doc = include_str!("../README.md")]
#![expect(
    clippy::expect_used,
    reason = "a test fails by panicking, and so does what it stands on"
)]

pub mod answer;
pub mod app;
pub mod caller;
pub mod cases;
pub mod database;
pub mod environment;
pub mod mailbox;
pub mod socket;

pub use answer::Answer;
pub use app::{Starting, TestApp};
pub use caller::Caller;
pub use database::Database;
pub use socket::Listening;
