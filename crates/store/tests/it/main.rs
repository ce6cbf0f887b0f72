//! The store's tests; each case runs on every database that is there.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test's helpers may fail it as it may itself, and say what was skipped"
)]

mod basics;
mod errors;
mod folder;
mod group_commit;
mod harness;
mod json;
mod limits;
mod long_reads;
mod look_alikes;
mod look_ups;
mod migrations;
mod postgres;
mod request_login;
mod rows;
mod scopes;
mod tenants;
mod transactions;
mod walls;
