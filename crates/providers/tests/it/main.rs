//! The providers against the conformance suites of their ports, and each one's own promises.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod folder;
mod object_store;
mod s3;
