//! The operator's tools, on every database there is.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test fails by panicking and says what it skips"
)]

mod advisor;
mod backups;
mod bed;
mod change_events;
mod grid;
mod made_tables;
mod migrations;
mod model;
mod published;
mod raw_sql;
mod restores;
mod schedule;
mod transfer;
mod walls;
