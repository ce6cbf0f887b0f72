//! Files on a real disk and real databases.
#![expect(
    clippy::unwrap_used,
    reason = "a test fails by panicking and says what it skips"
)]

mod access;
mod buckets;
mod crash;
mod database;
mod direct;
mod faulty;
mod fixture;
mod links;
mod objects;
mod policies;
mod quota;
mod s3;
