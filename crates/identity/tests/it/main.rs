//! Directories on both databases: accounts, sessions, keys, the operator, and attacks on each.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a test fails by panicking and says what it skips"
)]

mod bed;
mod forgery;
mod keys;
mod operator;
mod people;
mod policy;
mod refresh;
mod sign_in;
mod verification;
