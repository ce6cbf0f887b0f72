//! The console's API as an operator uses it, on both databases.
#![expect(clippy::unwrap_used, reason = "a test that meets no value should fail there")]

mod change_events;
mod copies;
mod files;
mod object_policies;
mod tables;
mod workbench;
